//! A proxy before the emulator that holds every request to GitHub's description.

use super::described::Notes;
use super::script::read;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// The address of a proxy before a server at this address (`http://host:port`).
pub(super) fn before(server: &str, notes: &Notes) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = server
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    let notes = notes.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (server, notes) = (server.clone(), notes.clone());
            thread::spawn(move || {
                let asked = read(&stream);
                notes.hold(&asked);
                pass_on(&server, &asked.head, &asked.bytes, stream);
            });
        }
    });
    address
}

/// One request for each connection: both sides close after it.
fn pass_on(server: &str, head: &[String], body: &[u8], mut client: TcpStream) {
    let mut upstream = TcpStream::connect(server).unwrap();
    let mut lines = head.to_vec();
    lines.retain(|line| !line.to_lowercase().starts_with("connection:"));
    let request = format!("{}\r\nconnection: close\r\n\r\n", lines.join("\r\n"));
    upstream.write_all(request.as_bytes()).unwrap();
    upstream.write_all(body).unwrap();
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).unwrap();
    client.write_all(&answer).unwrap();
}

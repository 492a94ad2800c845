//! A way to the server that can be cut: what is under way goes on there, and its answer reaches nobody.

use crate::trouble::Trouble;
use std::io::copy;
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A way through a port of its own.
#[derive(Debug)]
pub(crate) struct Proxy {
    port: u16,
    way: Arc<Mutex<Way>>,
}

#[derive(Debug, Default)]
struct Way {
    is_cut: bool,
    ends: Vec<TcpStream>,
}

impl Proxy {
    /// A way to a port of the loopback interface.
    pub(crate) fn to(port: u16) -> Result<Self, Trouble> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let proxy = Self {
            port: listener.local_addr()?.port(),
            way: Arc::default(),
        };
        let way = Arc::clone(&proxy.way);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if way.lock().unwrap_or_else(PoisonError::into_inner).is_cut {
                    break;
                }
                // Who can't be joined is dropped: the client sees a connection that ends.
                let _joined = join(client, port, &way);
            }
        });
        Ok(proxy)
    }

    /// Where it begins.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Cuts every connection, both ways, and lets nobody through any more.
    pub(crate) fn cut(&self) {
        let mut way = self.way.lock().unwrap_or_else(PoisonError::into_inner);
        way.is_cut = true;
        for end in way.ends.drain(..) {
            // One that is closed already is as good as cut.
            let _closed = end.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
        // Wakes the thread that waits for the next one.
        let _woken = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

fn join(client: TcpStream, port: u16, way: &Mutex<Way>) -> Result<(), Trouble> {
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    for (from, to) in [(&client, &server), (&server, &client)] {
        let (mut from, mut to) = (from.try_clone()?, to.try_clone()?);
        thread::spawn(move || {
            // Whatever ends one way ends the other.
            let _copied = copy(&mut from, &mut to);
            let _closed = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
        });
    }
    let mut way = way.lock().unwrap_or_else(PoisonError::into_inner);
    way.ends.extend([client, server]);
    Ok(())
}

//! A way to the emulator on which the reply to the first request gets lost: it was executed, and nobody is told.

use std::cell::Cell;
use std::io;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The way, until it is dropped.
pub(crate) struct Proxy {
    listener: TcpListener,
    upstream: String,
    requests: Cell<u32>,
}

impl Proxy {
    /// A way to this address.
    pub(crate) async fn to(endpoint: &str) -> Self {
        let upstream = endpoint
            .strip_prefix("http://")
            .unwrap()
            .trim_end_matches('/')
            .to_owned();
        Self {
            listener: TcpListener::bind("127.0.0.1:0").await.unwrap(),
            upstream,
            requests: Cell::new(0),
        }
    }

    /// Its own address.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.listener.local_addr().unwrap())
    }

    /// How many requests were made.
    pub(crate) fn requests(&self) -> u32 {
        self.requests.get()
    }

    /// Carries requests and replies, one connection after the other, while something else is going on.
    pub(crate) async fn during<T>(&self, call: impl Future<Output = T>) -> T {
        tokio::select! {
            outcome = call => outcome,
            error = self.serve() => panic!("the proxy broke: {error}"),
        }
    }

    async fn serve(&self) -> io::Error {
        loop {
            let served = match self.listener.accept().await {
                Ok((client, _)) => self.carry(client).await,
                Err(error) => Err(error),
            };
            if let Err(error) = served {
                return error;
            }
        }
    }

    async fn carry(&self, mut client: TcpStream) -> io::Result<()> {
        let mut server = TcpStream::connect(&self.upstream).await?;
        while let Some(request) = message(&mut client).await? {
            self.requests.set(self.requests.get() + 1);
            server.write_all(&request).await?;
            let reply = message(&mut server).await?.unwrap();
            if self.requests.get() == 1 {
                return Ok(());
            }
            client.write_all(&reply).await?;
        }
        Ok(())
    }
}

/// One HTTP message, head and body; none at the end of the connection.
async fn message(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    loop {
        if let Some(head) = bytes.windows(4).position(|end| end == b"\r\n\r\n")
            && bytes.len() >= head + 4 + body_length(&bytes[..head])
        {
            return Ok(Some(bytes));
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
}

fn body_length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    length.unwrap().trim().parse().unwrap()
}

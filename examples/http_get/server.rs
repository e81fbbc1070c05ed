//! A web server with one page, for the emulated module.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread::spawn,
};

/// Starts it; the address is one that only this PC reaches.
pub fn start() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    spawn(move || {
        for stream in listener.incoming().flatten() {
            spawn(move || answer(stream));
        }
    });
    Ok(address)
}

/// A page of 4 kB with lines that look like the module's own.
fn answer(mut stream: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while let Some(line) = lines.next().transpose()? {
        if line.is_empty() {
            break;
        }
    }
    let mut page = String::from("Hello from the other end.\r\n");
    for line in 1..=200 {
        page.push_str(&format!("{line}: OK\r\n>\r\nERROR\r\n"));
    }
    write!(
        stream,
        "HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{page}",
        page.len()
    )?;
    // The client closes.
    lines.next().transpose().map(drop)
}

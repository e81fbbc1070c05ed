//! A module behind a TCP port of this machine.

use esp8266_mqtt_emulator::Server;
use std::{io, net::TcpListener, thread::spawn};

/// Serves one connection after the other. Returns the port as the examples take it.
pub fn served(server: impl FnOnce() -> Server + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    spawn(move || {
        let mut server = server();
        loop {
            let (mut stream, _) = listener.accept()?;
            stream.set_nonblocking(true)?;
            stream.set_nodelay(true)?;
            server.serve(&mut stream, |_| {})?;
        }
        #[expect(unreachable_code, reason = "gives the closure its type")]
        io::Result::Ok(())
    });
    format!("tcp://{address}")
}

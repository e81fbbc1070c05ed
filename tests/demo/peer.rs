//! A module that follows a script, behind a TCP port.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread::{sleep, spawn},
    time::Duration,
};

/// What the scripted module does with a line.
pub enum Reply {
    /// Says this.
    Say(&'static str),
    /// Says this, and so much later that.
    SayLater(&'static str, Duration, &'static str),
    /// Closes the connection.
    HangUp,
}

/// Serves one connection and returns the address as the demo's `--port` takes it. Lines for which `script` has no reply
/// are answered as a healthy module without echo would.
pub fn start(script: fn(&str) -> Option<Reply>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    spawn(move || {
        let (stream, _) = listener.accept()?;
        serve(stream, script)
    });
    format!("tcp://{address}")
}

fn serve(mut stream: TcpStream, script: fn(&str) -> Option<Reply>) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines();
    for line in lines {
        let line = line?;
        let healthy = if line.starts_with("AT+GMR") {
            Reply::Say("AT version:2.2.1.0(df3c37f)\r\nSDK version:v3.4\r\n\r\nOK\r\n")
        } else {
            Reply::Say("\r\nOK\r\n")
        };
        match script(&line).unwrap_or(healthy) {
            Reply::Say(text) => stream.write_all(text.as_bytes())?,
            Reply::SayLater(now, pause, later) => {
                stream.write_all(now.as_bytes())?;
                sleep(pause);
                stream.write_all(later.as_bytes())?;
            }
            Reply::HangUp => break,
        }
    }
    Ok(())
}

//! Sockets on a scripted wire.

use super::buffers;
use super::script::{Script, Scripted};
use esp8266_mqtt::{Dialect, Error, Socket};

const SETUP: [&str; 3] = ["AT+CIPMUX=1", "AT+CIPRECVMODE=1", "AT+CIPDINFO=0"];

pub fn driver(script: &Script, dialect: Dialect) -> Scripted {
    let buffers = buffers(256, 256).datagrams(vec![0; 40].leak());
    Scripted::new(script.clone(), script.clone(), buffers).with_dialect(dialect)
}

pub fn set_up(script: &Script) {
    for command in SETUP {
        script.ok(command);
    }
}

/// A driver with a TCP socket on link 0.
pub fn opened(script: &Script, dialect: Dialect) -> (Scripted, Socket) {
    set_up(script);
    script.command(
        "AT+CIPSTART=0,\"TCP\",\"host\",80",
        "0,CONNECT\r\n\r\nOK\r\n",
    );
    let mut module = driver(script, dialect);
    let socket = module.tcp_open("host", 80).expect("open");
    (module, socket)
}

/// A driver with a UDP socket on link 0.
pub fn bound(script: &Script, dialect: Dialect) -> (Scripted, Socket) {
    set_up(script);
    script.command("AT+CIPSTART=0,\"UDP\",\"h\",53", "0,CONNECT\r\n\r\nOK\r\n");
    let mut module = driver(script, dialect);
    let socket = module.udp_open("h", 53).expect("open");
    (module, socket)
}

pub fn closes(script: &Script, module: &mut Scripted, socket: Socket) {
    let link = socket.link().get();
    script.command(
        &format!("AT+CIPCLOSE={link}"),
        format!("{link},CLOSED\r\n\r\nOK\r\n"),
    );
    module.socket_close(socket).expect("close");
}

/// The answer to a fetch in the form of each firmware.
pub fn data(dialect: Dialect, bytes: &[u8]) -> Vec<u8> {
    let len = bytes.len();
    let head = match dialect {
        Dialect::Vendor => format!("\r\n+CIPRECVDATA,{len}:"),
        _ => format!("+CIPRECVDATA:{len},"),
    };
    [head.as_bytes(), bytes, b"\r\n\r\nOK\r\n"].concat()
}

pub fn error<T>(result: Result<T, Error<embedded_io::ErrorKind>>) -> Error<embedded_io::ErrorKind> {
    result.err().expect("an error")
}

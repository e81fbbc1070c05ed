//! What a line of the module means, in words.

use esp8266_mqtt::{ErrorCode, Urc, UrcBuffer};
use std::num::NonZeroU32;

/// In words what a line says by itself or as the reason of a refusal; `None` for any other.
pub fn of_line(line: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(line).ok();
    if let Some(number) = text.and_then(|text| text.strip_prefix("+CWJAP:")) {
        // The numbers of `JoinError`.
        return Some(match number {
            "1" => "no connection in time".into(),
            "2" => "wrong password".into(),
            "3" => "no access point of that name".into(),
            "4" => "could not join".into(),
            _ => return None,
        });
    }
    if let Some(code) = text.and_then(|text| text.strip_prefix("ERR CODE:0x")) {
        return u32::from_str_radix(code, 16).ok().and_then(of_code);
    }
    Urc::parse(line).map(of_urc)
}

/// In words what a message is, without the line end that one may have.
pub fn of_message(frame: &[u8]) -> Option<String> {
    let parse = |frame: &[u8]| <UrcBuffer<4096> as atat::AtatUrc>::parse(frame);
    let frames = [parse(frame), parse(&[frame, b"\r\n"].concat())];
    let message = frames.iter().flatten().find_map(UrcBuffer::message)?;
    Some(format!(
        "message on \"{}\", {} bytes",
        String::from_utf8_lossy(message.topic()),
        message.payload().len()
    ))
}

fn of_code(code: u32) -> Option<String> {
    let code = ErrorCode(NonZeroU32::new(code)?);
    if let Some(code) = code.mqtt_code() {
        return Some(format!("MQTT error {code:#x}, see the manual's list"));
    }
    let words = match code.kind() {
        2 => "no CR LF found",
        3 => "no AT found",
        4 => "length of a parameter",
        5 => "type of a parameter",
        6 => "number of parameters",
        7 => "value of a parameter",
        8 => "a parameter cannot be read: quotes, or a comma without \\ before it",
        9 => "unknown command",
        0x0A => "it failed in execution",
        0x0B => "busy",
        0x0C => "the command has no such form",
        _ => return None,
    };
    Some(words.into())
}

fn of_urc(urc: Urc<'_>) -> String {
    let link = |id: Option<u8>| id.map_or("the link".into(), |id| format!("link {id}"));
    let words = match urc {
        Urc::Ready => "the module has started",
        Urc::ForcedRestart => "restarts although a command was running",
        Urc::WifiConnected => "associated with the access point",
        Urc::WifiGotIp => "the module has an address",
        Urc::WifiDisconnected => "the access point is lost",
        Urc::DhcpTimeout => "no address was given, the module tries again",
        Urc::MqttConnected(_) => "the broker has accepted",
        Urc::MqttDisconnected => "the broker is lost or has refused",
        Urc::StationConnected(_) => "a station has joined the module's access point",
        Urc::StationGotIp { .. } => "a station has been given an address",
        Urc::StationDisconnected(_) => "a station has left the module's access point",
        Urc::LinkOpened(id) => return format!("{} is open", link(id)),
        Urc::LinkClosed(id) => return format!("{} is closed", link(id)),
        Urc::LinkFailed(id) => return format!("{} could not be opened", link(id)),
        Urc::DataWaiting { len, .. } => return format!("{len} bytes wait: AT+CIPRECVDATA"),
        Urc::PassthroughLeft => "commands again",
        Urc::FrameError => "the module saw a framing error: check the baud rate",
        Urc::FifoOverflow | Urc::BufferFull => "the module has lost bytes",
        Urc::TimeUpdated => "SNTP has set the clock",
        Urc::SmartConfigPassword(_) => "the password that SmartConfig received",
        Urc::SmartConfigDone => "SmartConfig: joined",
        Urc::SmartConfigFailed => "SmartConfig: could not join",
        Urc::WpsFailed => "WPS: failed",
        // Its name says the rest; what is in it stands in the line.
        other => {
            let name = format!("{other:?}");
            return name.split(['(', ' ']).next().unwrap_or_default().to_owned();
        }
    };
    words.to_owned()
}

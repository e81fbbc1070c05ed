//! Data that follows a prompt: how much of it a command announces, and how it is written.

/// How a command goes on when the module has answered `OK` and `>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// So many bytes follow.
    Counted(usize),
    /// Everything is data, until `+++` alone.
    Passthrough,
}

/// What a command makes the module wait for; `None` for most.
pub fn announced(line: &str) -> Option<Data> {
    let line = line.trim();
    let Some((name, parameters)) = line.split_once('=') else {
        let is_passthrough = line.eq_ignore_ascii_case("AT+CIPSEND");
        return is_passthrough.then_some(Data::Passthrough);
    };
    let fields = fields(parameters);
    let length = match name.trim_end().to_ascii_uppercase().as_str() {
        // 0,<topic>,<length>,<qos>,<retain>
        "AT+MQTTPUBRAW" => fields.get(2),
        // 0,<length>
        "AT+MQTTLONGCLIENTID" | "AT+MQTTLONGUSERNAME" | "AT+MQTTLONGPASSWORD" => fields.get(1),
        // [<link>,]<length>[,<ip>,<port>]
        "AT+CIPSEND" | "AT+CIPSENDEX" | "AT+CIPSENDBUF" => fields
            .iter()
            .take_while(|field| !field.starts_with('"'))
            .last(),
        _ => None,
    };
    length?.trim().parse().ok().map(Data::Counted)
}

/// Splits parameters at commas outside of quotes.
pub fn fields(text: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if byte == b',' && !quoted && !escaped {
            fields.push(&text[start..at]);
            start = at + 1;
        }
        quoted ^= byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
    }
    fields.push(&text[start..]);
    fields
}

/// Reads data as it is typed: text with `\r`, `\n`, `\t`, `\0`, `\\` and `\xhh`.
pub fn parse(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            bytes.extend(character.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        bytes.push(match characters.next() {
            Some('r') => b'\r',
            Some('n') => b'\n',
            Some('t') => b'\t',
            Some('0') => 0,
            Some('\\') => b'\\',
            Some('x') => {
                let digits: String = characters.by_ref().take(2).collect();
                let is_byte = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_hexdigit());
                let value = u8::from_str_radix(&digits, 16).ok().filter(|_| is_byte);
                value.ok_or_else(|| format!("\\x{digits} is not a byte: two hexadecimal digits"))?
            }
            other => {
                let shown = other.map(String::from).unwrap_or_default();
                return Err(format!("\\{shown} is not known; a backslash is \\\\"));
            }
        });
    }
    Ok(bytes)
}

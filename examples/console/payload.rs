//! Data that follows a prompt: how much of it a command announces, and how it is written.

/// How many bytes a command asks for after its prompt.
pub fn announced(line: &str) -> Option<usize> {
    let (name, parameters) = line.trim().split_once('=')?;
    let numbers: Vec<usize> = fields(parameters)
        .into_iter()
        .filter(|field| !field.starts_with('"'))
        .map_while(|field| field.parse().ok())
        .collect();
    match (name.to_ascii_uppercase().as_str(), numbers.as_slice()) {
        // 0,"topic",<length>,<qos>,<retain>
        ("AT+MQTTPUBRAW", [_, length, ..]) => Some(*length),
        ("AT+MQTTLONGCLIENTID" | "AT+MQTTLONGUSERNAME" | "AT+MQTTLONGPASSWORD", [_, length]) => {
            Some(*length)
        }
        // [<link>,]<length>
        ("AT+CIPSEND" | "AT+CIPSENDBUF", [length] | [_, length] | [_, length, _]) => Some(*length),
        _ => None,
    }
}

/// Splits at commas outside of quotes.
fn fields(text: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let (mut start, mut is_quoted, mut is_escaped) = (0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => {
                fields.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
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
                let value = u8::from_str_radix(&digits, 16);
                value.map_err(|_| format!("\\x{digits} is not a byte"))?
            }
            other => {
                let shown = other.map(String::from).unwrap_or_default();
                return Err(format!(
                    "\\{shown} is not known; write \\\\ for a backslash"
                ));
            }
        });
    }
    Ok(bytes)
}

//! Keeps secrets out of what is shown or kept: in commands, in what the module echoes of them, and in its answers.

/// Commands with a secret, and which of their parameters it is, counted from 0.
const COMMANDS: [(&[u8], usize); 12] = [
    (b"AT+CWJAP=", 1),
    (b"AT+CWJAP_CUR=", 1),
    (b"AT+CWJAP_DEF=", 1),
    (b"AT+CWSAP=", 1),
    (b"AT+CWSAP_CUR=", 1),
    (b"AT+CWSAP_DEF=", 1),
    (b"AT+CWJEAP=", 4),
    (b"AT+CWJEAP_CUR=", 4),
    (b"AT+CWJEAP_DEF=", 4),
    (b"AT+MQTTUSERCFG=", 4),
    (b"AT+MQTTPASSWORD=", 1),
    (b"AT+ALIYUN_MQTTCONN=", 4),
];

/// Beginnings of lines of the module with a secret; the last is SmartConfig's.
const ANSWERS: [(&[u8], usize); 9] = [
    (b"+CWSAP:", 1),
    (b"+CWSAP_CUR:", 1),
    (b"+CWSAP_DEF:", 1),
    (b"+CWJEAP:", 4),
    (b"+CWJEAP_CUR:", 4),
    (b"+CWJEAP_DEF:", 4),
    (b"+MQTTUSERCFG:", 4),
    (b"+MQTTPASSWORD:", 1),
    (b"password:", 0),
];

/// Whether `line` begins a command with a secret, perhaps behind noise, or is an answer with one.
pub fn is_confidential(line: &[u8]) -> bool {
    parameters(line).is_some()
}

/// `line` with the secret shown as `<redacted>`.
pub fn redacted(line: &[u8]) -> Vec<u8> {
    let Some((start, index)) = parameters(line) else {
        return line.to_vec();
    };
    let mut text = line[..start].to_vec();
    if index == 0 {
        text.extend(b"<redacted>");
    }
    let mut parameter = 0;
    let (mut quoted, mut escaped) = (false, false);
    for &byte in &line[start..] {
        let ends = byte == b',' && !quoted && !escaped && index > 0;
        let line_end = matches!(byte, b'\r' | b'\n');
        quoted ^= byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        if ends && parameter + 1 == index {
            text.extend(b",<redacted>");
        } else if parameter != index || ends || line_end {
            text.push(byte);
        }
        parameter += usize::from(ends);
    }
    text
}

/// Where the parameters of a line with a secret begin, and which of them it is.
fn parameters(line: &[u8]) -> Option<(usize, usize)> {
    let command = COMMANDS.iter().find_map(|&(name, index)| {
        let is_name = |window: &[u8]| window.eq_ignore_ascii_case(name);
        let at = line.windows(name.len()).position(is_name)?;
        Some((at + name.len(), index))
    });
    let answer = || ANSWERS.iter().find(|(name, _)| line.starts_with(name));
    command.or_else(|| answer().map(|(name, index)| (name.len(), *index)))
}

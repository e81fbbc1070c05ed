//! Keeps secrets out of the trace: in commands, and in what the module echoes of them.

/// Commands with a secret, and which of their parameters it is, counted from 0.
const CONFIDENTIAL: [(&[u8], usize); 6] = [
    (b"AT+CWJAP=", 1),
    (b"AT+CWJAP_CUR=", 1),
    (b"AT+CWJAP_DEF=", 1),
    (b"AT+MQTTUSERCFG=", 4),
    (b"AT+MQTTPASSWORD=", 1),
    (b"AT+ALIYUN_MQTTCONN=", 4),
];

/// Whether `line` begins a command with a secret, perhaps behind noise.
pub fn is_confidential(line: &[u8]) -> bool {
    parameters(line).is_some()
}

/// `line` with the secret shown as `<redacted>`.
pub fn redacted(line: &[u8]) -> Vec<u8> {
    let Some((start, index)) = parameters(line) else {
        return line.to_vec();
    };
    let mut text = line[..start].to_vec();
    let mut parameter = 0;
    let (mut quoted, mut escaped) = (false, false);
    for &byte in &line[start..] {
        let ends = byte == b',' && !quoted && !escaped;
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

/// Where the parameters of a command with a secret begin, and which of them it is.
fn parameters(line: &[u8]) -> Option<(usize, usize)> {
    CONFIDENTIAL.iter().find_map(|&(name, index)| {
        let at = line.windows(name.len()).position(|window| window == name)?;
        Some((at + name.len(), index))
    })
}

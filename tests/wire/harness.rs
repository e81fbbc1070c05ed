//! Sends and reads commands as the driver and as atat's clients do, and records what was checked.

use atat::AtatCmd;
use core::{any::type_name, fmt::Debug};
use esp8266_mqtt::{
    Argument, ArgumentError, Dialect, Reason,
    command::{self, Command},
};
use std::cell::RefCell;

/// Form of a command, by what follows its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// `=?`
    Test,
    /// `?`
    Query,
    /// `=` and parameters
    Set,
    /// Nothing.
    Execute,
}

/// One check of one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Name of the struct, without path and lifetimes.
    pub command: String,
    /// Name of the response type.
    pub response: String,
    pub timeout_ms: u32,
    pub check: Check,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// Wrote a line: the command's name with `_CUR` or `_DEF` if it has one, and the form.
    Wrote { name: String, form: Form },
    /// Read a response.
    Read,
    /// Refused a response.
    Refused,
}

thread_local! {
    static RECORDS: RefCell<Vec<Record>> = const { RefCell::new(Vec::new()) };
}

/// What `checks` have recorded.
pub fn records_of(checks: &[fn()]) -> Vec<Record> {
    RECORDS.take();
    for check in checks {
        check();
    }
    RECORDS.take()
}

fn record<C: Command>(check: Check) {
    let record = Record {
        command: short_name(type_name::<C>()),
        response: short_name(type_name::<C::Response>()),
        timeout_ms: C::TIMEOUT_MS,
        check,
    };
    RECORDS.with_borrow_mut(|records| {
        if !records.contains(&record) {
            records.push(record);
        }
    });
}

/// `a::b::Name<'_>` is `Name`; `String<N>` and `SecretBuffer<N>` keep their length, the last number of their full name.
fn short_name(path: &str) -> String {
    let (base, arguments) = path.split_once('<').unwrap_or((path, ""));
    let name = base.rsplit("::").next().unwrap_or(base);
    let length = arguments
        .rsplit(|c: char| !c.is_ascii_digit())
        .find(|digits| !digits.is_empty());
    match (name, length) {
        ("StringInner", Some(length)) => format!("String<{length}>"),
        ("SecretBuffer", Some(length)) => format!("SecretBuffer<{length}>"),
        _ => name.to_owned(),
    }
}

/// The line as the driver writes it for `dialect`.
pub fn line<C: Command>(command: &C, dialect: Dialect) -> Result<String, ArgumentError> {
    let mut buffer = [0; 300];
    let len = command::write(command, &mut buffer, dialect)?;
    Ok(String::from_utf8(buffer[..len].to_vec()).expect("text"))
}

/// Both ways of writing the command give `expected` and CR LF, and neither writes beyond a short buffer.
#[track_caller]
pub fn writes<C: Command + AtatCmd>(command: &C, expected: &str) {
    let (name, form) = name_and_form::<C>(expected);
    let expected = format!("{expected}\r\n");
    assert_eq!(line(command, Dialect::Auto), Ok(expected.clone()));
    let mut buffer = [0; 300];
    let len = AtatCmd::write(command, &mut buffer);
    assert_eq!(buffer[..len], *expected.as_bytes());
    assert_eq!(<C as AtatCmd>::MAX_TIMEOUT_MS, C::TIMEOUT_MS);
    for short in 0..expected.len() {
        assert_eq!(AtatCmd::write(command, &mut buffer[..short]), 0);
        let limit = short as u16;
        assert_eq!(
            command::write(command, &mut buffer[..short], Dialect::Auto),
            Err(ArgumentError {
                argument: Argument::CommandLine,
                reason: Reason::TooLong { limit }
            })
        );
    }
    record::<C>(Check::Wrote { name, form });
}

fn name_and_form<C: Command>(line: &str) -> (String, Form) {
    let rest = line.strip_prefix("AT").expect("a command starts with AT");
    let rest = rest.strip_prefix(C::NAME).expect("and its name");
    let suffix = ["_CUR", "_DEF"]
        .into_iter()
        .find(|suffix| rest.starts_with(suffix))
        .unwrap_or_default();
    let rest = &rest[suffix.len()..];
    let form = match rest.as_bytes() {
        b"" => Form::Execute,
        b"?" => Form::Query,
        b"=?" => Form::Test,
        _ => Form::Set,
    };
    assert!(
        form != Form::Set || C::NAME == "E" || rest.starts_with('='),
        "parameters of {line} follow an equals sign"
    );
    (format!("AT{}{suffix}", C::NAME), form)
}

/// Neither way writes anything.
#[track_caller]
pub fn refused<C: Command + AtatCmd>(command: &C, argument: Argument, reason: Reason) {
    refused_by(command, Dialect::Auto, argument, reason);
    assert_eq!(AtatCmd::write(command, &mut [0; 300]), 0);
}

#[track_caller]
pub fn refused_by<C: Command>(command: &C, dialect: Dialect, argument: Argument, reason: Reason) {
    let error = ArgumentError { argument, reason };
    assert_eq!(line(command, dialect), Err(error), "{dialect:?}");
}

/// Both ways of reading `lines` give `expected`.
#[track_caller]
pub fn reads<C: Command + AtatCmd<Response = <C as Command>::Response>>(
    command: &C,
    lines: &str,
    expected: <C as Command>::Response,
) where
    <C as Command>::Response: PartialEq + Debug,
{
    assert_eq!(read(command, lines), Some(expected), "{lines}");
}

/// Both ways refuse each of `texts`.
#[track_caller]
pub fn unreadable<C: Command + AtatCmd<Response = <C as Command>::Response>>(
    command: &C,
    texts: &[&str],
) where
    <C as Command>::Response: PartialEq + Debug,
{
    for text in texts {
        assert_eq!(read(command, text), None, "{text}");
    }
}

/// Reads a response both ways: as the driver hands it over, and as atat does.
///
/// Then damages it in many ways: whatever is read from that, nothing panics.
#[track_caller]
pub fn read<C: Command + AtatCmd<Response = <C as Command>::Response>>(
    command: &C,
    lines: &str,
) -> Option<<C as Command>::Response>
where
    <C as Command>::Response: PartialEq + Debug,
{
    let response = command.decode(format!("{lines}\n").as_bytes());
    for line_end in ["\r\n", "\r\r\n"] {
        let text = lines.replace('\n', line_end);
        let parsed = AtatCmd::parse(command, Ok(text.as_bytes()));
        assert_eq!(parsed.ok(), response, "with {line_end:?}");
    }
    for at in 0..lines.len() {
        let mut damaged = lines.as_bytes().to_vec();
        let _ = command.decode(&damaged[..at]);
        for byte in *b"\n\",:(9\xff" {
            damaged[at] = byte;
            let _ = command.decode(&damaged);
        }
        damaged.remove(at);
        let _ = command.decode(&damaged);
    }
    record::<C>(if response.is_some() {
        Check::Read
    } else {
        Check::Refused
    });
    response
}

#[test]
fn names_without_paths() {
    for (path, name) in [
        ("esp8266_mqtt::command::wifi::SetMode", "SetMode"),
        ("esp8266_mqtt::config::UserConfig<'_>", "UserConfig"),
        (type_name::<heapless::String<256>>(), "String<256>"),
        (
            type_name::<esp8266_mqtt::SecretBuffer<64>>(),
            "SecretBuffer<64>",
        ),
    ] {
        assert_eq!(short_name(path), name, "{path}");
    }
}

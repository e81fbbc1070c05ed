//! Chapter "Basic AT Commands".

use crate::harness::{read, unreadable, writes};
use esp8266_mqtt::{Dialect, Firmware, Version, command::basic::*};

pub const CHECKS: &[fn()] = &[basic_commands, firmware_versions];

#[test]
fn basic_commands() {
    writes(&Attention, "AT");
    writes(&SetEcho(false), "ATE0");
    writes(&SetEcho(true), "ATE1");
    writes(&Restart, "AT+RST");
    writes(&QueryVersion, "AT+GMR");
}

#[test]
fn firmware_versions() {
    let cases = [
        // Non-OS AT on the module, and esp-at issues 554 and 479, ESP8266_NONOS_SDK issue 60.
        (
            "AT version:1.7.2.0(Jan 19 2020 09:39:04)\nSDK version:3.0.2(824dc80)\ncompile time:x\nBin version(Wroom 02):1.7.2",
            [1, 7, 2, 0],
            [3, 0, 2, 0],
            Dialect::Vendor,
        ),
        (
            "AT version:1.5.0.0(Oct 24 2017 12:03:18)\nSDK version:2.1.0(ace2d95)",
            [1, 5, 0, 0],
            [2, 1, 0, 0],
            Dialect::Vendor,
        ),
        (
            "AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)\nSDK version:v3.3-2-gb6e861a\ncompile time(36bb200):Jul 28 2020 08:30:34\nBin version:2.1.0(WROOM-02)",
            [2, 1, 0, 0],
            [3, 3, 0, 0],
            Dialect::EspAt,
        ),
        ("AT version:3.2(x)", [3, 2, 0, 0], [0; 4], Dialect::EspAt),
    ];
    for (text, at, sdk, dialect) in cases {
        let firmware = read(&QueryVersion, text).expect(text);
        let (at, sdk) = (Version(at), Version(sdk));
        assert_eq!(firmware, Firmware { at, sdk });
        assert_eq!(firmware.dialect(), dialect);
    }
    unreadable(
        &QueryVersion,
        &[
            "",
            "SDK version:3.0.2",
            "AT version:",
            "AT version:x",
            "AT version:300.1",
        ],
    );
}

#[test]
fn commands_without_a_response_take_any_text() {
    assert!(read(&Attention, "").is_some());
}

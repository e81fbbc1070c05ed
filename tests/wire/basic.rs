//! Chapter "Basic AT Commands".

use crate::harness::{read, reads, refused, unreadable, writes};
use esp8266_mqtt::{
    Argument, Dialect, Firmware, Reason, Store, Version,
    command::{Enabled, basic::*},
};

pub const CHECKS: &[fn()] = &[
    basic_commands,
    firmware_versions,
    firmware_updates,
    memory,
    system_messages,
    switches,
    the_clock,
    the_uart,
    sleeping,
    waking_up,
    the_radio,
    pins,
];

pub const STORES: [(Store, &str); 3] = [
    (Store::Plain, ""),
    (Store::Current, "_CUR"),
    (Store::Flash, "_DEF"),
];

#[test]
fn basic_commands() {
    writes(&Attention, "AT");
    writes(&SetEcho(false), "ATE0");
    writes(&SetEcho(true), "ATE1");
    writes(&Restart, "AT+RST");
    writes(&Restore, "AT+RESTORE");
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

#[test]
fn firmware_updates() {
    writes(&UpdateFirmware, "AT+CIUPDATE");
    let steps = "+CIPUPDATE:1\n+CIPUPDATE:2\n+CIPUPDATE:3\n+CIPUPDATE:4";
    reads(&UpdateFirmware, steps, UpdateStep::Started);
    reads(&UpdateFirmware, "+CIPUPDATE:1", UpdateStep::ServerFound);
    unreadable(
        &UpdateFirmware,
        &["", "+CIPUPDATE:0", "+CIPUPDATE:5", "+CIPUPDATE:1x"],
    );
    writes(&RollBackFirmware, "AT+SYSROLLBACK");
}

#[test]
fn memory() {
    writes(&QueryMemory, "AT+SYSRAM?");
    let memory = |now, lowest| FreeMemory { now, lowest };
    reads(&QueryMemory, "+SYSRAM:39408", memory(39_408, None));
    let text = "+SYSRAM:148408,84044";
    reads(&QueryMemory, text, memory(148_408, Some(84_044)));
    unreadable(
        &QueryMemory,
        &["", "+SYSRAM:", "+SYSRAM:x", "+SYSRAM:1,x", "SYSRAM:1"],
    );
}

#[test]
fn system_messages() {
    let all = SystemMessages {
        passthrough_end: true,
        link_details: true,
        passthrough_status: true,
    };
    for (store, suffix) in STORES {
        writes(&QuerySystemMessages(store), &format!("AT+SYSMSG{suffix}?"));
        for (messages, bits) in [
            (SystemMessages::default(), 0),
            (
                SystemMessages {
                    link_details: true,
                    ..SystemMessages::default()
                },
                2,
            ),
            (
                SystemMessages {
                    passthrough_status: false,
                    ..all
                },
                3,
            ),
            (all, 7),
        ] {
            let command = SetSystemMessages { messages, store };
            writes(&command, &format!("AT+SYSMSG{suffix}={bits}"));
            let query = QuerySystemMessages(store);
            reads(&query, &format!("+SYSMSG{suffix}:0x{bits:x}"), messages);
            reads(&query, &format!("+SYSMSG{suffix}:{bits}"), messages);
        }
    }
    unreadable(
        &QuerySystemMessages(Store::Current),
        &[
            "",
            "+SYSMSG_CUR:",
            "+SYSMSG_CUR:0x",
            "+SYSMSG_CUR:0x8",
            "+SYSMSG_CUR:0x13",
            "+SYSMSG_CUR:9",
            "+SYSMSG_CUR:1x",
        ],
    );
}

#[test]
fn switches() {
    for on in [false, true] {
        let digit = u8::from(on);
        writes(&SetStore(on), &format!("AT+SYSSTORE={digit}"));
        writes(&SetErrorCodes(on), &format!("AT+SYSLOG={digit}"));
        writes(&SetFrequencyTrace(on), &format!("AT+RFAUTOTRACE={digit}"));
        reads(&QueryStore, &format!("+SYSSTORE:{digit}"), Enabled(on));
        reads(&QueryErrorCodes, &format!("+SYSLOG:{digit}"), Enabled(on));
        let text = format!("+RFAUTOTRACE:{digit}");
        reads(&QueryFrequencyTrace, &text, Enabled(on));
    }
    writes(&QueryStore, "AT+SYSSTORE?");
    writes(&QueryErrorCodes, "AT+SYSLOG?");
    writes(&QueryFrequencyTrace, "AT+RFAUTOTRACE?");
    unreadable(&QueryStore, &["", "+SYSSTORE:2", "+SYSLOG:1"]);
    unreadable(&QueryErrorCodes, &["+SYSLOG:", "+SYSLOG:on"]);
    unreadable(&QueryFrequencyTrace, &["+RFAUTOTRACE:-1"]);
}

#[test]
fn the_clock() {
    writes(&QueryTimestamp, "AT+SYSTIMESTAMP?");
    let command = SetTimestamp(1_565_853_509);
    writes(&command, "AT+SYSTIMESTAMP=1565853509");
    let text = "+SYSTIMESTAMP:1565853509";
    reads(&QueryTimestamp, text, Timestamp(1_565_853_509));
    unreadable(
        &QueryTimestamp,
        &["+SYSTIMESTAMP:", "+SYSTIMESTAMP:4294967296"],
    );
}

#[test]
fn the_uart() {
    let fast = UartConfig {
        baud_rate: BaudRate::B115200,
        data_bits: DataBits::Seven,
        stop_bits: StopBits::Two,
        parity: Parity::Even,
        flow_control: FlowControl::RtsCts,
    };
    for (store, suffix) in STORES {
        writes(&QueryUart(store), &format!("AT+UART{suffix}?"));
        let config = UartConfig::new(BaudRate::B9600);
        let command = SetUart { config, store };
        writes(&command, &format!("AT+UART{suffix}=9600,8,1,0,0"));
        let command = SetUart {
            config: fast,
            store,
        };
        writes(&command, &format!("AT+UART{suffix}=115200,7,3,2,3"));
        let query = QueryUart(store);
        reads(&query, &format!("+UART{suffix}:115200,7,3,2,3"), fast);
        let real = UartConfig::new(BaudRate::new(115_273).unwrap());
        reads(&query, &format!("+UART{suffix}:115273,8,1,0,0"), real);
    }
    unreadable(
        &QueryUart(Store::Current),
        &[
            "",
            "+UART_CUR:115200,8,1,0",
            "+UART_CUR:0,8,1,0,0",
            "+UART_CUR:115200,9,1,0,0",
            "+UART_CUR:115200,8,0,0,0",
            "+UART_CUR:115200,8,1,3,0",
            "+UART_CUR:115200,8,1,0,4",
        ],
    );
    writes(&SetBaudRateAtOnce(BaudRate::B9600), "AT+IPR=9600");

    assert_eq!(BaudRate::new(79), None);
    assert_eq!(BaudRate::new(80), Some(BaudRate::MIN));
    assert_eq!(BaudRate::new(5_000_000), Some(BaudRate::MAX));
    assert_eq!(BaudRate::new(5_000_001), None);
}

#[test]
fn sleeping() {
    writes(&DeepSleep { ms: 1_500 }, "AT+GSLP=1500");
    writes(&DeepSleep { ms: 10_800_000 }, "AT+GSLP=10800000");
    writes(&QuerySleepMode, "AT+SLEEP?");
    for (number, mode) in [SleepMode::Off, SleepMode::Light, SleepMode::Modem]
        .into_iter()
        .enumerate()
    {
        writes(&SetSleepMode(mode), &format!("AT+SLEEP={number}"));
        reads(&QuerySleepMode, &format!("+SLEEP:{number}"), mode);
    }
    unreadable(&QuerySleepMode, &["", "+SLEEP:", "+SLEEP:3", "+SLEEP:1x"]);

    writes(&QueryEspAtSleepMode, "AT+SLEEP?");
    for (number, mode) in [
        EspAtSleepMode::Off,
        EspAtSleepMode::ModemDtim,
        EspAtSleepMode::Light,
        EspAtSleepMode::ModemListenInterval,
    ]
    .into_iter()
    .enumerate()
    {
        writes(&SetEspAtSleepMode(mode), &format!("AT+SLEEP={number}"));
        reads(&QueryEspAtSleepMode, &format!("+SLEEP:{number}"), mode);
    }
    unreadable(&QueryEspAtSleepMode, &["", "+SLEEP:4"]);
}

#[test]
fn waking_up() {
    let pin = |pin, high| PinLevel { pin, high };
    let command = |trigger, awake| SetWakeUpPin { trigger, awake };
    writes(&command(None, None), "AT+WAKEUPGPIO=0");
    let low = Some(pin(0, false));
    writes(&command(low, None), "AT+WAKEUPGPIO=1,0,0");
    let high = Some(pin(15, true));
    writes(&command(low, high), "AT+WAKEUPGPIO=1,0,0,15,1");
    let invalid = Reason::Invalid;
    refused(&command(high, high), Argument::Pin, invalid);
    refused(&command(None, high), Argument::Pin, invalid);
    let out_of_range = Reason::OutOfRange { min: 0, max: 15 };
    let none = Some(pin(16, true));
    refused(&command(none, None), Argument::Pin, out_of_range);
    refused(&command(low, none), Argument::Pin, out_of_range);

    let timer = SetWakeUp(WakeUp::After { ms: 1_000 });
    writes(&timer, "AT+SLEEPWKCFG=0,1000");
    let command = SetWakeUp(WakeUp::Pin(pin(12, false)));
    writes(&command, "AT+SLEEPWKCFG=2,12,0");
    let command = SetWakeUp(WakeUp::Pin(pin(16, true)));
    refused(&command, Argument::Pin, out_of_range);
}

#[test]
fn the_radio() {
    writes(&QueryRfPower, "AT+RFPOWER?");
    writes(&SetRfPower(RfPower(82)), "AT+RFPOWER=82");
    writes(&SetRfPower(RfPower(0)), "AT+RFPOWER=0");
    let out_of = |min, max| Reason::OutOfRange { min, max };
    let command = SetRfPower(RfPower(83));
    refused(&command, Argument::RfPower, out_of(0, 82));
    reads(&QueryRfPower, "+RFPOWER:78", RfPower(78));
    reads(&QueryRfPower, "+RFPOWER:78,7,7,7", RfPower(78));
    unreadable(&QueryRfPower, &["", "+RFPOWER:", "+RFPOWER:256"]);

    writes(&QuerySupplyVoltage, "AT+RFVDD?");
    writes(&MeasureSupplyVoltage, "AT+RFVDD");
    let set = |voltage| SetSupplyVoltage(SupplyVoltage(voltage));
    writes(&set(1900), "AT+RFVDD=1900");
    writes(&set(3300), "AT+RFVDD=3300");
    for voltage in [1899, 3301] {
        let reason = out_of(1900, 3300);
        refused(&set(voltage), Argument::SupplyVoltage, reason);
    }
    reads(&QuerySupplyVoltage, "+RFVDD:2800", SupplyVoltage(2800));
    unreadable(&QuerySupplyVoltage, &["", "+RFVDD:x", "+RFVDD:65536"]);
}

#[test]
fn pins() {
    let out_of_range = Reason::OutOfRange { min: 0, max: 15 };
    writes(&QueryAnalog, "AT+SYSADC?");
    reads(&QueryAnalog, "+SYSADC:1024", AnalogReading(1024));
    unreadable(&QueryAnalog, &["", "+SYSADC:-1", "+SYSADC:"]);

    let config = |pin| PinConfig {
        pin,
        function: 3,
        pull_up: true,
    };
    writes(&SetPinConfig(config(12)), "AT+SYSIOSETCFG=12,3,1");
    refused(&SetPinConfig(config(16)), Argument::Pin, out_of_range);
    writes(&ReadPinConfig { pin: 12 }, "AT+SYSIOGETCFG=12");
    refused(&ReadPinConfig { pin: 16 }, Argument::Pin, out_of_range);
    let read = ReadPinConfig { pin: 12 };
    reads(&read, "+SYSIOGETCFG:12,3,1", config(12));
    unreadable(
        &read,
        &["", "+SYSIOGETCFG:12,3", "+SYSIOGETCFG:12,3,2", "12,3,1"],
    );

    for (digit, direction, high) in [
        (0, PinDirection::Input, false),
        (1, PinDirection::Output, true),
    ] {
        let command = SetPinDirection { pin: 15, direction };
        writes(&command, &format!("AT+SYSGPIODIR=15,{digit}"));
        let command = WritePin { pin: 0, high };
        writes(&command, &format!("AT+SYSGPIOWRITE=0,{digit}"));
        let state = PinState {
            pin: 4,
            direction,
            high,
        };
        let text = format!("+SYSGPIOREAD:4,{digit},{digit}");
        reads(&ReadPin { pin: 4 }, &text, state);
    }
    writes(&ReadPin { pin: 4 }, "AT+SYSGPIOREAD=4");
    let (pin, direction) = (16, PinDirection::Input);
    refused(
        &SetPinDirection { pin, direction },
        Argument::Pin,
        out_of_range,
    );
    refused(&WritePin { pin, high: true }, Argument::Pin, out_of_range);
    refused(&ReadPin { pin }, Argument::Pin, out_of_range);
    unreadable(
        &ReadPin { pin: 4 },
        &[
            "",
            "NOT GPIO MODE!",
            "+SYSGPIOREAD:4,0",
            "+SYSGPIOREAD:4,2,0",
        ],
    );
}

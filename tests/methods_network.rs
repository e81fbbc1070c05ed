//! Addresses, names, time, access points: what the methods send in each dialect, and what they make of real answers.

mod common;

use core::net::Ipv4Addr;
use core::time::Duration;

use common::script::Script;
use embedded_io::ErrorKind;
use esp8266_mqtt::command::tcpip::TimeZone;
use esp8266_mqtt::command::wifi::{ScanFor, SmartConfig, StaticIp};
use esp8266_mqtt::{
    Argument, ArgumentError, Dialect, Error, Event, JoinOptions, Reason, Store, Urc,
};

use Dialect::{EspAt, Vendor};

const BOTH: [Dialect; 2] = [Vendor, EspAt];

/// The command name's ending that writes no flash.
fn volatile(dialect: Dialect) -> &'static str {
    if dialect == Vendor { "_CUR" } else { "" }
}

/// The module is asked for its mode, and this is it.
fn is_in_mode(script: &Script, dialect: Dialect, mode: u8) {
    let form = volatile(dialect);
    script.command(
        &format!("AT+CWMODE{form}?"),
        format!("+CWMODE{form}:{mode}\r\n\r\nOK\r\n"),
    );
}

#[test]
fn addresses() {
    for dialect in BOTH {
        let form = volatile(dialect);
        let script = Script::new();
        let mut module = script.driver(dialect);
        let lines: String = [
            ("ip", "192.168.1.7"),
            ("gateway", "192.168.1.1"),
            ("netmask", "255.255.255.0"),
        ]
        .map(|(name, value)| format!("+CIPSTA{form}:{name}:\"{value}\"\r\n"))
        .concat();
        script.command(&format!("AT+CIPSTA{form}?"), format!("{lines}\r\nOK\r\n"));
        let info = module.ip_info().expect("the address");
        assert_eq!(info.ip, Ipv4Addr::new(192, 168, 1, 7));
        assert_eq!(info.gateway, Ipv4Addr::new(192, 168, 1, 1));
        assert_eq!(info.netmask, Ipv4Addr::new(255, 255, 255, 0));

        // One line is missing.
        let cut = lines.split_inclusive('\n').take(2).collect::<String>();
        script.command(&format!("AT+CIPSTA{form}?"), format!("{cut}\r\nOK\r\n"));
        assert!(matches!(
            module.ip_info(),
            Err(Error::UnexpectedResponse { command }) if command.as_str() == "+CIPSTA"
        ));

        let answer = format!("+CIPSTAMAC{form}:\"18:fe:34:a1:b2:c3\"\r\n\r\nOK\r\n");
        script.command(&format!("AT+CIPSTAMAC{form}?"), answer);
        let mac = module.mac().expect("the address");
        assert_eq!(mac.to_string(), "18:fe:34:a1:b2:c3");

        script.ok(&format!(
            "AT+CIPSTA{form}=\"10.0.0.9\",\"10.0.0.1\",\"255.0.0.0\""
        ));
        let address = StaticIp {
            ip: Ipv4Addr::new(10, 0, 0, 9),
            network: Some((Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(255, 0, 0, 0))),
        };
        module.set_static_ip(address).expect("set");
        script.ok("AT+CWHOSTNAME=\"sensor-1\"");
        module.set_hostname("sensor-1").expect("set");
        assert!(matches!(
            module.set_hostname(&"x".repeat(33)),
            Err(Error::Argument(error)) if error.argument == Argument::Hostname
        ));
        script.assert_done();
    }
}

#[test]
fn names_and_time() {
    for dialect in BOTH {
        let script = Script::new();
        let mut module = script.driver(dialect);
        let (answered, lost) = match dialect {
            Vendor => ("+23\r\n\r\nOK\r\n", "+timeout\r\n\r\nERROR\r\n"),
            _ => ("+PING:23\r\n\r\nOK\r\n", "+PING:TIMEOUT\r\n\r\nERROR\r\n"),
        };
        script.command("AT+PING=\"h\"", answered);
        assert_eq!(module.ping("h"), Ok(Some(23)));
        script.command("AT+PING=\"h\"", lost);
        assert_eq!(module.ping("h"), Ok(None));

        script.command("AT+CIPDOMAIN=\"h\"", "+CIPDOMAIN:1.2.3.4\r\n\r\nOK\r\n");
        assert_eq!(module.resolve("h"), Ok(Ipv4Addr::new(1, 2, 3, 4)));
        script.command("AT+CIPDOMAIN=\"h\"", "DNS Fail\r\n\r\nERROR\r\n");
        assert_eq!(module.resolve("h"), Err(Error::Rejected(None)));
        script.command("AT+CIPDOMAIN=\"h\"", "+CIPDOMAIN:1.2.3\r\n\r\nOK\r\n");
        assert!(matches!(
            module.resolve("h"),
            Err(Error::UnexpectedResponse { .. })
        ));

        script.ok("AT+CIPSNTPCFG=1,8,\"a.example\",\"b.example\"");
        let zone = TimeZone::hours(8).expect("a zone");
        module
            .sntp_configure(zone, &["a.example", "b.example"])
            .expect("set");
        script.command(
            "AT+CIPSNTPTIME?",
            "+CIPSNTPTIME:Thu Jan 01 08:00:02 1970\r\nOK\r\n",
        );
        assert_eq!(module.sntp_time(), Ok(None));
        script.command(
            "AT+CIPSNTPTIME?",
            "+CIPSNTPTIME:Thu Aug 04 14:48:05 2016\r\nOK\r\n",
        );
        let time = module.sntp_time().expect("an answer").expect("a time");
        assert_eq!((time.year, time.day, time.second), (2016, 4, 5));
        script.assert_done();
    }
}

#[test]
fn any_number_of_access_points() {
    for dialect in BOTH {
        let script = Script::new();
        // A transmit buffer with room for one line.
        let mut module = script.driver_with(dialect, 256, 128);
        is_in_mode(&script, dialect, 1);
        let mut answer: String = (0..100)
            .map(|i| {
                format!(
                    "+CWLAP:(3,\"net, {i}\",-{i},\"aa:bb:cc:dd:ee:ff\",{},-4,0,4,4,7,1)\r\n",
                    i % 13 + 1
                )
            })
            .collect();
        answer.push_str("\r\nOK\r\n");
        script.command("AT+CWLAP", &answer);
        let mut names = Vec::new();
        module
            .scan(|found| names.push((found.ssid.as_str().map(str::to_owned), found.rssi)))
            .expect("scan");
        assert_eq!(names.len(), 100);
        assert_eq!(names[42], (Some("net, 42".to_owned()), -42));

        // A broken line is an error; the others are delivered, and the driver is in step.
        is_in_mode(&script, dialect, 3);
        let good = "+CWLAP:(3,\"a\",-40,\"aa:bb:cc:dd:ee:ff\",1)\r\n";
        script.command(
            "AT+CWLAP",
            format!("{good}+CWLAP:(3,\"b\",-4\r\n{good}\r\nOK\r\n"),
        );
        let mut count = 0;
        let result = module.scan(|_| count += 1);
        assert!(matches!(result, Err(Error::UnexpectedResponse { .. })));
        assert_eq!(count, 2);
        script.assert_done();
    }
}

#[test]
fn scan_for_certain_access_points() {
    for dialect in BOTH {
        let script = Script::new();
        let mut module = script.driver_with(dialect, 512, 80);
        let what = ScanFor {
            ssid: Some("home"),
            channel: Some(6),
            ..ScanFor::default()
        };
        let is_station = || is_in_mode(&script, dialect, 1);
        is_station();
        let line = |ssid| format!("+CWLAP:(3,\"{ssid}\",-40,\"aa:bb:cc:dd:ee:ff\",6)\r\n");
        let answer = format!("{}\r\nOK\r\n", line("home").repeat(50));
        script.command("AT+CWLAP=\"home\",,6", answer);
        let mut count = 0;
        let done = module.scan_for(&what, |found| {
            assert_eq!(found.ssid.as_str(), Some("home"));
            count += 1;
        });
        assert_eq!((done, count), (Ok(()), 50));

        // Nothing is sent, not even the question for the mode.
        let channel = Some(15);
        let result = module.scan_for(&ScanFor { channel, ..what }, |_| count += 1);
        let refused = ArgumentError {
            argument: Argument::Channel,
            reason: Reason::OutOfRange { min: 1, max: 14 },
        };
        assert_eq!(result, Err(Error::Argument(refused)));
        script.assert_done();

        // A line that is longer than the transmit buffer is not passed over in silence; the others are delivered.
        is_station();
        let long = "x".repeat(32);
        let all = format!("+CWLAP:(3,\"{long}\",-40,\"aa:bb:cc:dd:ee:ff\",6,-11,0,5,5,7,1)\r\n");
        let answer = format!("{}{all}{}\r\nOK\r\n", line("a"), line("b"));
        script.command("AT+CWLAP", answer);
        let mut names = String::new();
        let result = module.scan(|found| names.push_str(found.ssid.as_str().unwrap()));
        assert!(
            matches!(result, Err(Error::ResponseTooLong { command }) if command.as_str() == "+CWLAP"),
            "{result:?}"
        );
        assert_eq!(names, "ab");
        script.assert_done();
    }
}

#[test]
fn the_modules_own_access_point() {
    for dialect in BOTH {
        let form = volatile(dialect);
        let script = Script::new();
        let mut module = script.driver(dialect);
        is_in_mode(&script, dialect, 1);
        script.ok(&format!("AT+CWMODE{form}=3"));
        script.ok(&format!("AT+CWSAP{form}=\"mine\",\"password\",6,3"));
        module.soft_ap("mine", "password", 6).expect("set up");
        let refused = module.soft_ap("mine", "short", 6);
        assert!(matches!(refused, Err(Error::Argument(_))), "{refused:?}");

        script.command(
            "AT+CWLIF",
            "192.168.4.2,aa:bb:cc:dd:ee:01\r\n192.168.4.3,aa:bb:cc:dd:ee:02\r\n\r\nOK\r\n",
        );
        let mut stations = Vec::new();
        module
            .soft_ap_stations(|station| stations.push(station.ip.octets()[3]))
            .expect("list");
        assert_eq!(stations, [2, 3]);
        script.assert_done();
    }
}

/// A module that refuses to join becomes a station, and stays an access point if it was made one since it has started.
#[test]
fn a_refused_join_leaves_the_modules_own_access_point() {
    for (dialect, store, form) in [
        (EspAt, None, ""),
        (Vendor, None, "_CUR"),
        (Vendor, Some(Store::Flash), "_DEF"),
    ] {
        let join = format!("AT+CWJAP{form}=\"net\",\"password\"");
        let mut options = JoinOptions::new("net", "password");
        if let Some(store) = store {
            options = options.store(store);
        }
        let script = Script::new();
        let mut module = script.driver(dialect);
        let refused_as = |mode: u8| {
            script.command(&join, "\r\nERROR\r\n");
            script.ok(&format!("AT+CWMODE{form}={mode}"));
            script.ok(&join);
        };
        refused_as(1);
        module.connect_wifi_with(&options).expect("joined");
        is_in_mode(&script, dialect, 3);
        let own = volatile(dialect);
        script.ok(&format!("AT+CWSAP{own}=\"mine\",\"password\",6,3"));
        module.soft_ap("mine", "password", 6).expect("set up");
        refused_as(3);
        module.connect_wifi_with(&options).expect("joined");
        script.push("\r\nready\r\n");
        while module.poll().is_ok() {}
        refused_as(1);
        module.connect_wifi_with(&options).expect("joined");
        script.assert_done();
    }
}

#[test]
fn smart_config_and_wps() {
    for dialect in BOTH {
        let form = volatile(dialect);
        let script = Script::new();
        let mut module = script.driver(dialect);
        is_in_mode(&script, dialect, 2);
        script.ok(&format!("AT+CWMODE{form}=1"));
        script.ok("AT+CWSTARTSMART=3");
        module.smart_config(SmartConfig::Both).expect("start");
        script.push("smartconfig type:AIRKISS\r\nSmart get wifi info\r\nssid:a\r\npassword:b\r\n");
        script.push("WIFI CONNECTED\r\nWIFI GOT IP\r\nsmartconfig connected wifi\r\n");
        let mut done = false;
        let mut ssid = String::new();
        while let Ok(event) = module.poll() {
            match event {
                Event::Other(Urc::SmartConfigSsid(name)) => ssid = name.to_owned(),
                Event::Other(Urc::SmartConfigDone) => done = true,
                _ => {}
            }
        }
        assert!(done);
        assert_eq!(ssid, "a");
        script.ok("AT+CWSTOPSMART");
        module.stop_smart_config().expect("stop");

        is_in_mode(&script, dialect, 1);
        script.ok("AT+WPS=1").ok("AT+WPS=0");
        module.wps(true).expect("start");
        module.wps(false).expect("stop");
        script.assert_done();
    }
}

#[test]
fn the_access_point_that_is_joined() {
    for dialect in BOTH {
        let script = Script::new();
        let mut module = script.driver(dialect);
        script.command(
            "AT+CWJAP?",
            "+CWJAP:\"net\",\"aa:bb:cc:dd:ee:ff\",6,-61\r\n\r\nOK\r\n",
        );
        let joined = module.access_point().expect("an answer").expect("joined");
        assert_eq!(
            (joined.ssid.as_str(), joined.channel, joined.rssi),
            ("net", 6, -61)
        );
        script.command("AT+CWJAP?", "No AP\r\n\r\nOK\r\n");
        assert_eq!(module.access_point(), Ok(None));
        script.assert_done();
    }
}

/// A line every 900 ms that says nothing: the time-out comes all the same, soon after the last good line.
#[test]
fn noise_does_not_hold_up_a_listing() {
    type List = fn(&mut common::script::Scripted, &mut u32) -> Result<(), Error<ErrorKind>>;
    let lists: [(&str, &str, u64, List); 3] = [
        (
            "AT+MQTTSUB?",
            "+MQTTSUB:0,6,\"t\",0\r\n",
            1,
            |module, count| module.subscriptions(|_, _| *count += 1),
        ),
        (
            "AT+CWLIF",
            "192.168.4.2,aa:bb:cc:dd:ee:01\r\n",
            1,
            |module, count| module.soft_ap_stations(|_| *count += 1),
        ),
        (
            "AT+CWLAP",
            "+CWLAP:(3,\"a\",-40,\"aa:bb:cc:dd:ee:ff\",1)\r\n",
            10,
            |module, count| module.scan(|_| *count += 1),
        ),
    ];
    for (command, line, seconds, list) in lists {
        let script = Script::new();
        let mut module = script.driver(EspAt);
        if seconds > 1 {
            is_in_mode(&script, EspAt, 1);
        }
        // Good lines have the whole time each.
        script.command(command, "");
        let second = |tenths: u64| Duration::from_millis(100 * tenths);
        script.later(second(9), "noise\r\n");
        script.later(second(12), line).later(second(21), line);
        for tenths in (30..600).step_by(9) {
            script.later(second(tenths), "noise\r\n");
        }
        let mut count = 0;
        let result = list(&mut module, &mut count);
        assert!(matches!(result, Err(Error::Timeout { .. })), "{result:?}");
        assert_eq!(count, 2);
        let limit = Duration::from_millis(2_100) + Duration::from_secs(2 * seconds);
        assert!(script.now() <= limit, "{:?}", script.now());
    }
}

//! The module's clock.

use crate::harness::{line, reads, refused, refused_by, unreadable, writes};
use esp8266_mqtt::{Argument, Dialect, Reason, command::tcpip::*};

fn sntp<'a>(time_zone: TimeZone, servers: &'a [&'a str]) -> EnableSntp<'a> {
    EnableSntp { time_zone, servers }
}

#[test]
fn time_zones_are_whole_hours_or_quarters_that_can_be_said() {
    for hours in -128..=127 {
        let zone = TimeZone::hours(hours);
        assert_eq!(zone.is_some(), (-12..=14).contains(&hours), "{hours}");
        if let Some(zone) = zone {
            assert_eq!(zone.as_minutes(), i16::from(hours) * 60);
        }
    }
    assert_eq!(TimeZone::hours(0), Some(TimeZone::UTC));
    assert_eq!(TimeZone::default(), TimeZone::UTC);
    for minutes in [-721, 841, 1, 14, -14, i16::MIN, i16::MAX] {
        assert_eq!(TimeZone::minutes(minutes), None, "{minutes}");
    }
    for minutes in [-720, -15, 0, 15, 840] {
        let zone = TimeZone::minutes(minutes);
        let said = zone.map(TimeZone::as_minutes);
        assert_eq!(said, Some(minutes));
    }
}

#[test]
pub fn time_servers() {
    writes(&QuerySntp, "AT+CIPSNTPCFG?");
    writes(&DisableSntp, "AT+CIPSNTPCFG=0");
    writes(&ClearSntp, "AT+CIPSNTPCFG");
    for (minutes, number) in [
        (0, "0"),
        (480, "8"),
        (-720, "-12"),
        (840, "14"),
        (330, "530"),
        (-210, "-330"),
        (765, "1245"),
        (539, "859"),
        (15, "15"),
        (30, "30"),
        (-15, "-15"),
    ] {
        let zone = TimeZone::minutes(minutes).expect("in range");
        writes(&sntp(zone, &[]), &format!("AT+CIPSNTPCFG=1,{number}"));
        let configuration = SntpConfiguration {
            enabled: true,
            time_zone: Some(zone),
            servers: heapless::Vec::new(),
        };
        let text = format!("+CIPSNTPCFG:1,{number}");
        reads(&QuerySntp, &text, configuration);
    }
    let zone = TimeZone::hours(8).expect("in range");
    // esp-at issue 359.
    writes(
        &sntp(zone, &["ntp1.aliyun.com"]),
        r#"AT+CIPSNTPCFG=1,8,"ntp1.aliyun.com""#,
    );
    let three = ["cn.ntp.org.cn", "ntp.sjtu.edu.cn", "us.pool.ntp.org"];
    writes(
        &sntp(zone, &three),
        r#"AT+CIPSNTPCFG=1,8,"cn.ntp.org.cn","ntp.sjtu.edu.cn","us.pool.ntp.org""#,
    );
    let reason = Reason::OutOfRange { min: 0, max: 3 };
    refused(&sntp(zone, &["a"; 4]), Argument::TimeServer, reason);
    refused(&sntp(zone, &["a", ""]), Argument::TimeServer, Reason::Empty);
    let long = "x".repeat(65);
    for (dialect, limit) in [(Dialect::Vendor, 32), (Dialect::EspAt, 64)] {
        let fits = [&long[..usize::from(limit)]];
        assert!(line(&sntp(zone, &fits), dialect).is_ok());
        let over = [&long[..usize::from(limit) + 1]];
        let reason = Reason::TooLong { limit };
        refused_by(&sntp(zone, &over), dialect, Argument::TimeServer, reason);
    }

    let configuration = |enabled, time_zone, servers: &[&str]| SntpConfiguration {
        enabled,
        time_zone,
        servers: servers.iter().map(|&s| s.try_into().unwrap()).collect(),
    };
    for (text, expected) in [
        ("+CIPSNTPCFG:0", configuration(false, None, &[])),
        ("+CIPSNTPCFG:0,8", configuration(false, Some(zone), &[])),
        ("+CIPSNTPCFG:1,800", configuration(true, Some(zone), &[])),
        (
            r#"+CIPSNTPCFG:1,8,"cn.ntp.org.cn","ntp.sjtu.edu.cn","us.pool.ntp.org""#,
            configuration(true, Some(zone), &three),
        ),
        (
            "+CIPSNTPCFG:1,8,cn.ntp.org.cn,ntp.sjtu.edu.cn",
            configuration(true, Some(zone), &three[..2]),
        ),
        (
            r#"+CIPSNTPCFG:1,8,"cn.ntp.org.cn","","""#,
            configuration(true, Some(zone), &three[..1]),
        ),
    ] {
        reads(&QuerySntp, text, expected);
    }
    unreadable(
        &QuerySntp,
        &[
            "",
            "+CIPSNTPCFG:",
            "+CIPSNTPCFG:1",
            "+CIPSNTPCFG:2,8",
            "+CIPSNTPCFG:1,x",
            "+CIPSNTPCFG:1,-13",
            "+CIPSNTPCFG:1,560",
            "+CIPSNTPCFG:1,1401",
            "+CIPSNTPCFG:1,99999999",
            r#"+CIPSNTPCFG:1,8,"a","b","c","d""#,
            r#"+CIPSNTPCFG:1,8,"a"#,
        ],
    );
}

#[test]
pub fn the_time() {
    writes(&QueryTime, "AT+CIPSNTPTIME?");
    let time = DateTime {
        year: 2016,
        month: Month::August,
        day: 4,
        weekday: Weekday::Thursday,
        hour: 14,
        minute: 48,
        second: 5,
    };
    assert!(time.is_set());
    reads(&QueryTime, "+CIPSNTPTIME:Thu Aug 04 14:48:05 2016", time);
    reads(&QueryTime, "+CIPSNTPTIME:Thu Aug  4 14:48:05 2016", time);
    for text in ["Thu Jan 01 00:00:00 1970", "Wed Dec 31 16:00:07 1969"] {
        let time = DateTime::parse(text.as_bytes()).expect(text);
        assert!(!time.is_set(), "{text}");
    }
    unreadable(
        &QueryTime,
        &[
            "",
            "+CIPSNTPTIME:",
            "Thu Aug 04 14:48:05 2016",
            "+CIPSNTPTIME:Thu Aug 04 14:48:05",
            "+CIPSNTPTIME:thu Aug 04 14:48:05 2016",
            "+CIPSNTPTIME:Thursday Aug 04 14:48:05 2016",
            "+CIPSNTPTIME:Thu aug 04 14:48:05 2016",
            "+CIPSNTPTIME:Thu Aug 00 14:48:05 2016",
            "+CIPSNTPTIME:Thu Aug 32 14:48:05 2016",
            "+CIPSNTPTIME:Thu Aug 004 14:48:05 2016",
            "+CIPSNTPTIME:Thu Aug 04 24:48:05 2016",
            "+CIPSNTPTIME:Thu Aug 04 14:60:05 2016",
            "+CIPSNTPTIME:Thu Aug 04 14:48:61 2016",
            "+CIPSNTPTIME:Thu Aug 04 14:48 2016",
            "+CIPSNTPTIME:Thu Aug 04 14:48:05:00 2016",
            "+CIPSNTPTIME:Thu Aug 04 14:48:5 2016",
            "+CIPSNTPTIME:Thu Aug 04 14:48:05 16",
            "+CIPSNTPTIME:Thu Aug 04 14:48:05 20160",
            "+CIPSNTPTIME:Thu Aug 04 14:48:05 2016 UTC",
        ],
    );
}

#[test]
fn every_name_and_the_length_of_every_month() {
    let weekdays = [
        ("Mon", Weekday::Monday),
        ("Tue", Weekday::Tuesday),
        ("Wed", Weekday::Wednesday),
        ("Thu", Weekday::Thursday),
        ("Fri", Weekday::Friday),
        ("Sat", Weekday::Saturday),
        ("Sun", Weekday::Sunday),
    ];
    for (name, weekday) in weekdays {
        let text = format!("{name} Jan 01 23:59:60 2024");
        let time = DateTime::parse(text.as_bytes()).expect(name);
        assert_eq!((time.weekday, time.second), (weekday, 60));
    }
    let months = [
        ("Jan", 31),
        ("Feb", 28),
        ("Mar", 31),
        ("Apr", 30),
        ("May", 31),
        ("Jun", 30),
        ("Jul", 31),
        ("Aug", 31),
        ("Sep", 30),
        ("Oct", 31),
        ("Nov", 30),
        ("Dec", 31),
    ];
    let day = |month, day, year| {
        let text = format!("Mon {month} {day:02} 00:00:00 {year}");
        DateTime::parse(text.as_bytes())
    };
    for (i, (name, days)) in months.into_iter().enumerate() {
        let last = day(name, days, 2023).expect(name);
        assert_eq!((usize::from(last.month.number()), last.day), (i + 1, days));
        assert_eq!(day(name, days + 1, 2023), None, "{name}");
    }
    for (year, leap) in [(2000, true), (2024, true), (2100, false), (2023, false)] {
        assert_eq!(day("Feb", 29, year).is_some(), leap, "{year}");
    }
}

//! The commands of the firmware, chapter by chapter, each with its forms: T test, Q query, S set, E execute.
//!
//! From the command table of the non-OS AT library 1.7.2 and, for Wi-Fi and MQTT, the manuals of the vendor and of ESP-AT.

/// One chapter of the manual.
pub struct Chapter {
    /// Module of `command`.
    pub name: &'static str,
    /// Names and forms; `_CUR` and `_DEF` stand for the name before them with that ending.
    pub commands: &'static [(&'static str, &'static str)],
}

pub const CHAPTERS: [Chapter; 4] = [BASIC, WIFI, TCPIP, MQTT];

const BASIC: Chapter = Chapter {
    name: "basic",
    commands: &[
        ("AT", "E"),
        ("ATE", "S"),
        ("AT+RST", "E"),
        ("AT+GMR", "E"),
        ("AT+GSLP", "S"),
        ("AT+RESTORE", "E"),
        ("AT+UART _CUR _DEF", "QS"),
        ("AT+IPR", "S"),
        ("AT+SLEEP", "QS"),
        ("AT+WAKEUPGPIO", "S"),
        ("AT+RFPOWER", "S"),
        ("AT+RFVDD", "QSE"),
        ("AT+RFAUTOTRACE", "QS"),
        ("AT+SYSRAM", "Q"),
        ("AT+SYSADC", "Q"),
        ("AT+SYSIOSETCFG", "S"),
        ("AT+SYSIOGETCFG", "S"),
        ("AT+SYSGPIODIR", "S"),
        ("AT+SYSGPIOWRITE", "S"),
        ("AT+SYSGPIOREAD", "S"),
        ("AT+SYSMSG_CUR", "QS"),
        ("AT+SYSMSG_DEF", "QS"),
        ("AT+CIUPDATE", "E"),
    ],
};

const WIFI: Chapter = Chapter {
    name: "wifi",
    commands: &[
        ("AT+CWMODE _CUR _DEF", "TQS"),
        ("AT+CWJAP _CUR _DEF", "QS"),
        ("AT+CWLAP", "SE"),
        ("AT+CWLAPOPT", "S"),
        ("AT+CWQAP", "TE"),
        ("AT+CWSAP _CUR _DEF", "QS"),
        ("AT+CWLIF", "E"),
        ("AT+CWDHCP _CUR _DEF", "QS"),
        ("AT+CWDHCPS_CUR", "QS"),
        ("AT+CWDHCPS_DEF", "QS"),
        ("AT+CWAUTOCONN", "QS"),
        ("AT+CWHOSTNAME", "QS"),
        ("AT+CWCOUNTRY_CUR", "QS"),
        ("AT+CWCOUNTRY_DEF", "QS"),
        ("AT+CIPSTAMAC _CUR _DEF", "QS"),
        ("AT+CIPAPMAC _CUR _DEF", "QS"),
        ("AT+CIPSTA _CUR _DEF", "QS"),
        ("AT+CIPAP _CUR _DEF", "QS"),
        ("AT+CWSTARTSMART", "SE"),
        ("AT+CWSTOPSMART", "E"),
        ("AT+CWSTARTDISCOVER", "S"),
        ("AT+CWSTOPDISCOVER", "E"),
        ("AT+WPS", "SE"),
        ("AT+MDNS", "S"),
        ("AT+CWJEAP_CUR", "QS"),
        ("AT+CWJEAP_DEF", "QS"),
        ("AT+CWJAPTO", "QS"),
        // ESP-AT 2.1 and 2.2.
        ("AT+CWSTATE", "Q"),
        ("AT+CWJAP", "E"),
        ("AT+CWRECONNCFG", "QS"),
        ("AT+CWQIF", "SE"),
        ("AT+CWDHCPS", "QS"),
        ("AT+CWAPPROTO", "QS"),
        ("AT+CWSTAPROTO", "QS"),
        ("AT+CWJEAP", "QS"),
        ("AT+CWCOUNTRY", "QS"),
    ],
};

const TCPIP: Chapter = Chapter {
    name: "tcpip",
    commands: TCPIP_COMMANDS,
};

const TCPIP_COMMANDS: &[(&str, &str)] = &[
    ("AT+CIPSTATUS", "TE"),
    ("AT+CIPDOMAIN", "S"),
    ("AT+CIPSTART", "S"),
    ("AT+CIPSSLSIZE", "QS"),
    ("AT+CIPSSLCCONF", "QS"),
    ("AT+CIPSEND", "TSE"),
    ("AT+CIPSENDEX", "TS"),
    ("AT+CIPSENDBUF", "S"),
    ("AT+CIPBUFRESET", "SE"),
    ("AT+CIPBUFSTATUS", "SE"),
    ("AT+CIPCHECKSEQ", "S"),
    ("AT+CIPCHECKQUEUE", "S"),
    ("AT+CIPCLOSE", "TSE"),
    ("AT+CIPCLOSEMODE", "S"),
    ("AT+CIFSR", "TSE"),
    ("AT+CIPMUX", "QS"),
    ("AT+CIPSERVER", "S"),
    ("AT+CIPSERVERMAXCONN", "QS"),
    ("AT+CIPMODE", "QS"),
    ("AT+CIPRECVMODE", "QS"),
    ("AT+CIPRECVDATA", "S"),
    ("AT+CIPRECVLEN", "Q"),
    ("AT+SAVETRANSLINK", "S"),
    ("AT+CIPSTO", "QS"),
    ("AT+PING", "S"),
    ("AT+CIPDINFO", "QS"),
    ("AT+CIPSNTPCFG", "QS"),
    ("AT+CIPSNTPTIME", "Q"),
    ("AT+CIPDNS_CUR", "QS"),
    ("AT+CIPDNS_DEF", "QS"),
    ("AT+CIPALIVE", "Q"),
];

const MQTT: Chapter = Chapter {
    name: "mqtt",
    commands: &[
        ("AT+MQTTUSERCFG", "QS"),
        ("AT+MQTTCLIENTID", "QS"),
        ("AT+MQTTUSERNAME", "QS"),
        ("AT+MQTTPASSWORD", "QS"),
        ("AT+MQTTLONGCLIENTID", "S"),
        ("AT+MQTTLONGUSERNAME", "S"),
        ("AT+MQTTLONGPASSWORD", "S"),
        ("AT+MQTTCONNCFG", "QS"),
        ("AT+MQTTALPN", "S"),
        ("AT+MQTTSNI", "S"),
        ("AT+MQTTCONN", "QS"),
        ("AT+ALIYUN_MQTTCONN", "S"),
        ("AT+MQTTPUB", "S"),
        ("AT+MQTTPUBRAW", "S"),
        ("AT+MQTTSUB", "QS"),
        ("AT+MQTTUNSUB", "S"),
        ("AT+MQTTCLEAN", "S"),
    ],
};

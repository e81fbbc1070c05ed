//! What the firmware examples are told at build time, by environment variables.
//!
//! | variable | without it |
//! | --- | --- |
//! | `WIFI_SSID`, `WIFI_PASSWORD` | compile error |
//! | `MQTT_HOST` | compile error |
//! | `MQTT_PORT` | 1883 |
//! | `MQTT_CLIENT_ID` | `esp8266-mqtt` |
//! | `MQTT_USER`, `MQTT_PASSWORD` | none |
//! | `MODULE_BAUD` | 9600, as the vendor ships the module |
//! | `ALIYUN_PRODUCT_KEY`, `ALIYUN_DEVICE_NAME`, `ALIYUN_DEVICE_SECRET` | compile error where they are needed |
//!
//! They end up in the image as plain text.
#![no_std]

pub const WIFI_SSID: &str = env!(
    "WIFI_SSID",
    "set the environment variable WIFI_SSID to the name of your 2.4 GHz network"
);
pub const WIFI_PASSWORD: &str = env!(
    "WIFI_PASSWORD",
    "set the environment variable WIFI_PASSWORD to your network's password"
);
pub const MQTT_HOST: &str = env!(
    "MQTT_HOST",
    "set the environment variable MQTT_HOST to your broker's name or address"
);
pub const MQTT_PORT: u16 = match option_env!("MQTT_PORT") {
    Some(port) => match u16::from_str_radix(port, 10) {
        Ok(port @ 1..) => port,
        _ => panic!("MQTT_PORT is not a port number"),
    },
    None => 1883,
};
pub const MQTT_CLIENT_ID: &str = or(option_env!("MQTT_CLIENT_ID"), "esp8266-mqtt");
pub const MQTT_USER: &str = or(option_env!("MQTT_USER"), "");
pub const MQTT_PASSWORD: &str = or(option_env!("MQTT_PASSWORD"), "");

/// The module's baud rate.
pub const MODULE_BAUD: u32 = match option_env!("MODULE_BAUD") {
    Some(baud) => match u32::from_str_radix(baud, 10) {
        Ok(baud @ 110..=921_600) => baud,
        _ => panic!("MODULE_BAUD is not a baud rate"),
    },
    None => 9600,
};

/// The device at Alibaba Cloud.
#[cfg(feature = "aliyun")]
pub mod aliyun {
    pub const PRODUCT_KEY: &str = env!(
        "ALIYUN_PRODUCT_KEY",
        "set the environment variable ALIYUN_PRODUCT_KEY to the product that the device belongs to"
    );
    pub const DEVICE_NAME: &str = env!(
        "ALIYUN_DEVICE_NAME",
        "set the environment variable ALIYUN_DEVICE_NAME to the device's name in its product"
    );
    pub const DEVICE_SECRET: &str = env!(
        "ALIYUN_DEVICE_SECRET",
        "set the environment variable ALIYUN_DEVICE_SECRET to the secret that the platform gave the device"
    );
}

const fn or(value: Option<&'static str>, default: &'static str) -> &'static str {
    match value {
        Some(value) => value,
        None => default,
    }
}

#![no_std]
//! Driver for ESP8266 AT + MQTT modules.

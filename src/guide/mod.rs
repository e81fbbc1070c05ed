//! Pages for the first hour: text only, no code.

#[doc = include_str!("arduino.md")]
///
/// [`Esp8266Mqtt`](crate::Esp8266Mqtt), [`UserConfig`](crate::UserConfig), [`ConnectionConfig`](crate::ConnectionConfig),
/// [`AliyunDevice`](crate::AliyunDevice), [`Error`](crate::Error), [`Buffers`](crate::Buffers), [`Keeper`](crate::Keeper).
pub mod arduino {}

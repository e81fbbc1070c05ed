//! Pages for the first hour: text only, no code.

#[cfg(test)]
mod tests;

#[doc = include_str!("arduino.md")]
///
/// [`Esp8266Mqtt`](crate::Esp8266Mqtt), [`UserConfig`](crate::UserConfig), [`ConnectionConfig`](crate::ConnectionConfig),
/// [`AliyunDevice`](crate::AliyunDevice), [`Error`](crate::Error), [`Buffers`](crate::Buffers), [`Keeper`](crate::Keeper).
pub mod arduino {}

#[doc = include_str!("buffers.md")]
///
/// [`Buffers`](crate::Buffers), [`Event`](crate::Event), [`Counters`](crate::Counters), [`Esp8266Mqtt`](crate::Esp8266Mqtt).
pub mod buffers {}

#[doc = include_str!("testing.md")]
///
/// [`Uart`](crate::Uart), [`NbSerial`](crate::NbSerial), [`Dialect`](crate::Dialect), [`Esp8266Mqtt`](crate::Esp8266Mqtt).
pub mod testing {}

#[doc = include_str!("troubleshooting.md")]
///
/// [`Error`](crate::Error), [`JoinError`](crate::JoinError), [`Event`](crate::Event), [`Counters`](crate::Counters),
/// [`ConnectionState`](crate::ConnectionState), [`Keeper`](crate::Keeper), [`Trouble`](crate::Trouble),
/// [`Stop`](crate::Stop), [`Loss`](crate::Loss).
pub mod troubleshooting {}

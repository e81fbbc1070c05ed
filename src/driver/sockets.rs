//! TCP and UDP, next to MQTT on the same UART.
//!
//! The module keeps the data of TCP links until it is asked for (passive receive mode), so that no stream can overrun the
//! receive buffer, and the data goes from there into the caller's buffer.

use super::{DelayNs, Esp8266Mqtt, Uart, face, mqtt::PUBLISH_MS};
use crate::{
    command::{
        basic::Attention,
        lines, set_command,
        tcpip::{
            Close, CloseAll, LinkId, Multiplexing, OpenSsl, OpenTcp, OpenUdp, PeerInfo,
            ReceiveMode, Send, SetMultiplexing, SetPeerInfo, SetReceiveMode, Transport,
        },
    },
    engine::{Awaited, Expect, LinkPhase, Waiting},
    error::Error,
    socket::{CHUNK, Socket, SocketError},
};

/// `AT+CIPRECVDATA` for a length that is not known at compile time; the data does not become an answer.
struct Fetch {
    link: LinkId,
    length: u16,
}

set_command!(Fetch, "+CIPRECVDATA", 2_000, |this, line| line
    .text("=")
    .number(this.link.get().into())
    .number(this.length.into()));

#[face]
impl<U: Uart, D: DelayNs> Esp8266Mqtt<'_, U, D> {
    /// Opens a TCP connection: `AT+CIPSTART`.
    ///
    /// `host` is a name or an address of 1 to 63 bytes, `port` 1 to 65535. The first socket after a start of the module also
    /// sends `AT+CIPMUX=1`, `AT+CIPRECVMODE=1` and `AT+CIPDINFO=0`; the last one may be refused.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let socket = module.tcp_open("server.example", 7)?;
    /// module.socket_send(&socket, b"hello")?;
    /// let mut buffer = [0; 64];
    /// if let Some(count) = module.socket_receive(&socket, &mut buffer, 1_000)? {
    ///     let _answer = &buffer[..count];
    /// }
    /// module.socket_close(socket)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Socket`] with [`SocketError::NoFreeLink`], [`SocketError::UnknownHost`] or [`SocketError::Refused`];
    /// [`Error::Argument`]; [`Error::Rejected`] from firmware before AT 1.7 or ESP-AT 2.0, which has no passive receive mode;
    /// [`Error::Timeout`] after 20 s.
    pub async fn tcp_open(&mut self, host: &str, port: u16) -> Result<Socket, Error<U::Error>> {
        self.open(Transport::Tcp, host, port).await
    }

    /// Opens a TLS connection, otherwise as [`tcp_open`](Self::tcp_open). An ESP8266 has one at a time.
    ///
    /// Certificates and the size of the buffer are set by [`SetSslConfig`](crate::command::tcpip::SetSslConfig) and
    /// [`SetSslBuffer`](crate::command::tcpip::SetSslBuffer) before.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let socket = module.tls_open("server.example", 443)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As `tcp_open`; [`Error::Timeout`] after 30 s.
    pub async fn tls_open(&mut self, host: &str, port: u16) -> Result<Socket, Error<U::Error>> {
        self.open(Transport::Ssl, host, port).await
    }

    /// Opens a UDP port that talks to one host, otherwise as [`tcp_open`](Self::tcp_open).
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let socket = module.udp_open("10.0.0.9", 5005)?;
    /// module.socket_send(&socket, b"one datagram")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As `tcp_open`.
    pub async fn udp_open(&mut self, host: &str, port: u16) -> Result<Socket, Error<U::Error>> {
        self.open(Transport::Udp, host, port).await
    }

    async fn open(
        &mut self,
        transport: Transport,
        host: &str,
        port: u16,
    ) -> Result<Socket, Error<U::Error>> {
        self.prepare_links().await?;
        let Some(id) = self.engine.links.find(LinkPhase::Free) else {
            return Err(Error::Socket(SocketError::NoFreeLink));
        };
        let link = Some(id);
        let keep_alive = None;
        self.engine.links.set_phase(id, LinkPhase::Opening);
        match transport {
            Transport::Tcp => {
                let open = OpenTcp {
                    link,
                    host,
                    port,
                    keep_alive,
                };
                self.write(&open);
            }
            Transport::Ssl => {
                let open = OpenSsl {
                    link,
                    host,
                    port,
                    keep_alive,
                };
                self.write(&open);
            }
            Transport::Udp => {
                let open = OpenUdp {
                    link,
                    host,
                    port,
                    local: None,
                };
                self.write(&open);
            }
        }
        let done = self.run(Expect::Final).await;
        let phase = match done {
            Ok(()) => LinkPhase::Open,
            Err(Error::Rejected(_) | Error::Argument(_) | Error::Busy) => LinkPhase::Free,
            // It may open yet; `prepare_links` closes it.
            Err(_) => LinkPhase::Opening,
        };
        let known = self.engine.links.get(id);
        if phase == LinkPhase::Free {
            self.engine.links.free(id);
        } else if known.is_some_and(|link| link.phase == LinkPhase::Opening) {
            // Not if it was closed at once, or the module has restarted.
            self.engine.links.set_phase(id, phase);
        }
        if is_refused(&done) {
            let unknown = lines(self.engine.answer()).any(|line| line == b"DNS Fail");
            return Err(Error::Socket(if unknown {
                SocketError::UnknownHost
            } else {
                SocketError::Refused
            }));
        }
        done?;
        Ok(Socket {
            link: id,
            generation: known.map_or(0, |link| link.generation),
            transport,
        })
    }

    /// Five links, whose data stays in the module, and none that nobody knows of.
    async fn prepare_links(&mut self) -> Result<(), Error<U::Error>> {
        while let Some(id) = self.engine.links.find(LinkPhase::Opening) {
            self.close_link(id).await?;
            self.engine.links.free(id);
        }
        if self.engine.links.is_ready {
            return Ok(());
        }
        let multiple = SetMultiplexing(Multiplexing::Multiple);
        self.write(&multiple);
        let mut done = self.run(Expect::Final).await;
        if is_refused(&done) {
            // Links of an earlier session are open, one or several.
            self.write(&CloseAll);
            accept_refusal(self.run(Expect::Final).await)?;
            self.write(&Close(None));
            accept_refusal(self.run(Expect::Final).await)?;
            self.write(&multiple);
            done = self.run(Expect::Final).await;
        }
        done?;
        self.write(&SetReceiveMode(ReceiveMode::Passive));
        self.run(Expect::Final).await?;
        self.write(&SetPeerInfo(PeerInfo::Hidden));
        accept_refusal(self.run(Expect::Final).await)?;
        self.engine.links.is_ready = true;
        Ok(())
    }

    /// Sends data over a socket: `AT+CIPSEND`. Returns how many bytes were taken, at most 2048; a UDP socket sends them as one
    /// datagram.
    ///
    /// On non-OS firmware the peer has acknowledged TCP data when this returns.
    ///
    /// # Errors
    /// [`Error::Socket`] if the connection is closed; [`Error::Argument`] for no data at all; [`Error::Timeout`] after 20 s.
    ///
    /// If the UART fails in the middle of the data, the next call first sends the missing bytes as zeros, because the module
    /// would take a command as data. A stream cannot be used any more then: [`SocketError::DataLost`].
    pub async fn socket_send(
        &mut self,
        socket: &Socket,
        data: &[u8],
    ) -> Result<usize, Error<U::Error>> {
        self.usable(socket, LinkPhase::Open)?;
        let data = data.get(..usize::from(CHUNK)).unwrap_or(data);
        let length = data.len() as u16;
        let send = Send {
            link: Some(socket.link),
            length,
            to: None,
        };
        self.write(&send);
        self.engine.announce_for_link(length);
        let mut done = self.run(Expect::Prompt).await;
        if done.is_ok() {
            // The zeros that make up for missing bytes would stand in the stream.
            let is_stream = socket.transport != Transport::Udp;
            self.engine.links.set_torn(socket.link, is_stream);
            done = self.go_on(data, PUBLISH_MS).await;
            if done.is_ok() {
                self.engine.links.set_torn(socket.link, false);
            }
        }
        if is_refused(&done) {
            return Err(Error::Socket(SocketError::Closed));
        }
        done?;
        Ok(data.len())
    }

    /// Waits up to `timeout_ms` milliseconds, at most one hour, for data of a socket: `AT+CIPRECVDATA`. Returns how many bytes.
    ///
    /// 0 bytes of a TCP socket mean that the peer has closed the connection. A UDP socket receives one datagram; what
    /// `buffer` has no room for is lost. `None` if nothing has come in time. An empty `buffer` gets 0 bytes at once, and
    /// takes nothing.
    ///
    /// # Errors
    /// [`Error::Socket`] with [`SocketError::DataLost`] if an earlier call has failed in the middle, or if the connection
    /// was closed and the module has thrown away what it had announced (vendor firmware may: fetch what comes before the
    /// peer closes, as HTTP does with `Connection: keep-alive`); [`Error::Timeout`] if the module does not answer.
    pub async fn socket_receive(
        &mut self,
        socket: &Socket,
        buffer: &mut [u8],
        timeout_ms: u32,
    ) -> Result<Option<usize>, Error<U::Error>> {
        let data = Awaited::Data(socket.link);
        let mut time_ms = timeout_ms;
        while buffer.is_empty() || self.find(data, time_ms).await? {
            if let Some(count) = self.receive_now(socket, buffer).await? {
                return Ok(Some(count));
            }
            // The module had announced more than there was.
            time_ms = 0;
        }
        Ok(None)
    }

    /// Receives what is there.
    pub(in super::super) async fn receive_now(
        &mut self,
        socket: &Socket,
        buffer: &mut [u8],
    ) -> Result<Option<usize>, Error<U::Error>> {
        let phase = self.usable(socket, LinkPhase::Closed)?;
        if buffer.is_empty() {
            return Ok(Some(0));
        }
        if let Some(count) = self.engine.links.take_datagram(socket.link, buffer) {
            return Ok(Some(count));
        }
        let waiting = match self.engine.links.get_mut(socket.link) {
            Some(link) => core::mem::take(&mut link.waiting),
            None => Waiting::No,
        };
        if waiting != Waiting::No {
            let count = self.fetch(socket, buffer).await?;
            if count > 0 {
                return Ok(Some(count));
            }
            if phase == LinkPhase::Closed && waiting == Waiting::Announced {
                self.engine.links.set_phase(socket.link, LinkPhase::Broken);
                return Err(Error::Socket(SocketError::DataLost));
            }
        }
        Ok((phase == LinkPhase::Closed).then_some(0))
    }

    /// Asks the module for data.
    async fn fetch(
        &mut self,
        socket: &Socket,
        buffer: &mut [u8],
    ) -> Result<usize, Error<U::Error>> {
        let is_udp = socket.transport == Transport::Udp;
        let length = if is_udp {
            usize::from(CHUNK)
        } else {
            buffer.len().min(usize::from(CHUNK))
        };
        if self.engine.out_of_step {
            // So that data of an earlier call is not taken for this one's.
            self.write(&Attention);
            self.run(Expect::Final).await?;
        }
        let fetch = Fetch {
            link: socket.link,
            length: length as u16,
        };
        self.engine.links.fetching = Some(socket.link);
        self.write(&fetch);
        let mut done = self.run(Expect::Final).await;
        let mut count = 0;
        while done.is_ok() && self.engine.has_data() {
            count += self
                .engine
                .take_data(buffer.get_mut(count..).unwrap_or_default());
            let time_ms = self.engine.line.info().timeout_ms;
            done = self.go_on(&[], time_ms).await;
        }
        match done {
            // Nothing there.
            Ok(()) => {}
            Err(Error::Rejected(_) | Error::Busy | Error::Argument(_)) if count == 0 => {}
            _ => self.engine.break_fetch(),
        }
        self.engine.links.fetching = None;
        if count >= length
            && let Some(link) = self.engine.links.get_mut(socket.link)
        {
            link.waiting = Waiting::Maybe;
        }
        accept_refusal(done)?;
        Ok(count.min(buffer.len()))
    }

    /// Closes a socket: `AT+CIPCLOSE`. No error if the peer was faster. The link is free afterwards in any case.
    ///
    /// # Errors
    /// [`Error::Timeout`] after 5 s.
    pub async fn socket_close(&mut self, socket: Socket) -> Result<(), Error<U::Error>> {
        let id = socket.link;
        let link = self.engine.links.get(id);
        let Some(link) = link.filter(|link| link.generation == socket.generation) else {
            return Ok(());
        };
        // Should this be dropped or fail, `prepare_links` does it.
        self.engine.links.set_phase(id, LinkPhase::Opening);
        if link.phase != LinkPhase::Closed {
            self.close_link(id).await?;
        }
        self.engine.links.free(id);
        Ok(())
    }

    async fn close_link(&mut self, id: LinkId) -> Result<(), Error<U::Error>> {
        self.write(&Close(Some(id)));
        accept_refusal(self.run(Expect::Final).await)
    }

    /// The phase of a socket's link, if it can be used: open, or closed where that is allowed.
    fn usable(&self, socket: &Socket, allowed: LinkPhase) -> Result<LinkPhase, Error<U::Error>> {
        let link = self.engine.links.get(socket.link);
        let link = link.filter(|link| link.generation == socket.generation);
        if link.is_some_and(|link| link.is_torn && link.phase == LinkPhase::Open) {
            return Err(Error::Socket(SocketError::DataLost));
        }
        match link.map(|link| link.phase) {
            Some(LinkPhase::Broken) => Err(Error::Socket(SocketError::DataLost)),
            Some(phase) if phase == LinkPhase::Open || phase == allowed => Ok(phase),
            _ => Err(Error::Socket(SocketError::Closed)),
        }
    }
}

fn accept_refusal<E>(done: Result<(), Error<E>>) -> Result<(), Error<E>> {
    match done {
        Err(Error::Rejected(_)) => Ok(()),
        done => done,
    }
}

const fn is_refused<E>(done: &Result<(), Error<E>>) -> bool {
    matches!(done, Err(Error::Rejected(_)))
}

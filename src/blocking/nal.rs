//! The traits of `embedded-nal`, for libraries that bring their own protocol.

use super::{Esp8266Mqtt, Uart};
use crate::{
    error::{Argument, ArgumentError, Error, Reason},
    socket::{CHUNK, Socket, SocketError},
};
use core::{fmt::Debug, net::IpAddr, net::SocketAddr};
use embedded_hal::delay::DelayNs;
use embedded_nal::{AddrType, Dns, TcpClientStack, TcpError, TcpErrorKind, UdpClientStack};
use heapless::String;

/// The driver as a network stack: [`TcpClientStack`], [`UdpClientStack`] and [`Dns`] of `embedded-nal`. Made by
/// [`Esp8266Mqtt::sockets`].
///
/// Everything but `receive` waits for the module. Messages that arrive meanwhile are kept for the driver, which
/// [`driver`](Self::driver) gives access to.
#[derive(Debug)]
pub struct Sockets<'d, 'b, U: embedded_io::ErrorType, D> {
    driver: &'d mut Esp8266Mqtt<'b, U, D>,
}

/// A socket of [`Sockets`], connected or not.
#[derive(Debug, Default)]
pub struct NalSocket(Option<(Socket, SocketAddr)>);

impl NalSocket {
    fn connected<E>(&self) -> Result<&Socket, Error<E>> {
        match &self.0 {
            Some((socket, _)) => Ok(socket),
            None => Err(Error::Socket(SocketError::NotConnected)),
        }
    }
}

impl<'b, U: Uart, D: DelayNs> Esp8266Mqtt<'b, U, D> {
    /// The driver as a network stack. Sockets outlive it: make one whenever needed.
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{Error, Esp8266Mqtt, Uart};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// use embedded_nal::{AddrType, Dns};
    ///
    /// let address = module.sockets().get_host_by_name("server.example", AddrType::IPv4);
    /// # Ok(())
    /// # }
    /// ```
    pub const fn sockets(&mut self) -> Sockets<'_, 'b, U, D> {
        Sockets { driver: self }
    }
}

impl<'b, U: Uart, D: DelayNs> Sockets<'_, 'b, U, D> {
    /// The driver.
    pub const fn driver(&mut self) -> &mut Esp8266Mqtt<'b, U, D> {
        self.driver
    }

    fn open(
        &mut self,
        socket: &mut NalSocket,
        remote: SocketAddr,
        open: impl FnOnce(&mut Esp8266Mqtt<'b, U, D>, &str, u16) -> Result<Socket, Error<U::Error>>,
    ) -> Result<(), Error<U::Error>> {
        let IpAddr::V4(address) = remote.ip() else {
            return Err(Error::Socket(SocketError::Ipv6));
        };
        if let Some((open, _)) = socket.0.take() {
            self.driver.socket_close(open)?;
        }
        let mut host = String::<15>::new();
        // As long as the longest address.
        core::fmt::write(&mut host, format_args!("{address}")).ok();
        socket.0 = Some((open(self.driver, &host, remote.port())?, remote));
        Ok(())
    }

    fn receive(
        &mut self,
        socket: &NalSocket,
        buffer: &mut [u8],
    ) -> nb::Result<usize, Error<U::Error>> {
        let socket = socket.connected()?;
        loop {
            if let Some(count) = self.driver.receive_now(socket, buffer)? {
                return Ok(count);
            }
            self.driver.receive_more()?;
        }
    }

    fn close(&mut self, socket: NalSocket) -> Result<(), Error<U::Error>> {
        match socket.0 {
            Some((socket, _)) => self.driver.socket_close(socket),
            None => Ok(()),
        }
    }
}

impl<U: Uart, D: DelayNs> TcpClientStack for Sockets<'_, '_, U, D> {
    type TcpSocket = NalSocket;
    type Error = Error<U::Error>;

    fn socket(&mut self) -> Result<NalSocket, Self::Error> {
        Ok(NalSocket::default())
    }

    fn connect(
        &mut self,
        socket: &mut NalSocket,
        remote: SocketAddr,
    ) -> nb::Result<(), Self::Error> {
        Ok(self.open(socket, remote, Esp8266Mqtt::tcp_open)?)
    }

    fn send(&mut self, socket: &mut NalSocket, buffer: &[u8]) -> nb::Result<usize, Self::Error> {
        if buffer.is_empty() {
            return Ok(0);
        }
        Ok(self.driver.socket_send(socket.connected()?, buffer)?)
    }

    /// 0 bytes when the peer has closed the connection.
    fn receive(
        &mut self,
        socket: &mut NalSocket,
        buffer: &mut [u8],
    ) -> nb::Result<usize, Self::Error> {
        Self::receive(self, socket, buffer)
    }

    fn close(&mut self, socket: NalSocket) -> Result<(), Self::Error> {
        Self::close(self, socket)
    }
}

impl<U: Uart, D: DelayNs> UdpClientStack for Sockets<'_, '_, U, D> {
    type UdpSocket = NalSocket;
    type Error = Error<U::Error>;

    fn socket(&mut self) -> Result<NalSocket, Self::Error> {
        Ok(NalSocket::default())
    }

    fn connect(&mut self, socket: &mut NalSocket, remote: SocketAddr) -> Result<(), Self::Error> {
        self.open(socket, remote, Esp8266Mqtt::udp_open)
    }

    /// One datagram of up to 2048 bytes.
    fn send(&mut self, socket: &mut NalSocket, buffer: &[u8]) -> nb::Result<(), Self::Error> {
        let socket = socket.connected()?;
        // `socket_send` says how much it has sent; here nobody could.
        if buffer.len() > usize::from(CHUNK) {
            return Err(Error::Argument(ArgumentError {
                argument: Argument::Payload,
                reason: Reason::TooLong { limit: CHUNK },
            })
            .into());
        }
        self.driver.socket_send(socket, buffer)?;
        Ok(())
    }

    fn receive(
        &mut self,
        socket: &mut NalSocket,
        buffer: &mut [u8],
    ) -> nb::Result<(usize, SocketAddr), Self::Error> {
        let count = Self::receive(self, socket, buffer)?;
        match &socket.0 {
            Some((_, remote)) => Ok((count, *remote)),
            None => Err(Error::Socket(SocketError::NotConnected).into()),
        }
    }

    fn close(&mut self, socket: NalSocket) -> Result<(), Self::Error> {
        Self::close(self, socket)
    }
}

impl<U: Uart, D: DelayNs> Dns for Sockets<'_, '_, U, D> {
    type Error = Error<U::Error>;

    /// `AT+CIPDOMAIN`, IPv4 only.
    fn get_host_by_name(
        &mut self,
        hostname: &str,
        addr_type: AddrType,
    ) -> nb::Result<IpAddr, Self::Error> {
        if addr_type == AddrType::IPv6 {
            return Err(Error::Socket(SocketError::Ipv6).into());
        }
        match self.driver.resolve(hostname) {
            Ok(address) => Ok(IpAddr::V4(address)),
            Err(Error::Rejected(_)) => Err(Error::Socket(SocketError::UnknownHost).into()),
            Err(error) => Err(error.into()),
        }
    }

    /// The module has no reverse lookup: [`SocketError::UnknownHost`].
    fn get_host_by_address(&mut self, _: IpAddr, _: &mut [u8]) -> nb::Result<usize, Self::Error> {
        Err(Error::Socket(SocketError::UnknownHost).into())
    }
}

impl<E: Debug> TcpError for Error<E> {
    fn kind(&self) -> TcpErrorKind {
        match self {
            Self::Socket(SocketError::Closed | SocketError::DataLost) => TcpErrorKind::PipeClosed,
            _ => TcpErrorKind::Other,
        }
    }
}

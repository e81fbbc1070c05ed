//! Chapter "TCP/IP AT Commands".

mod data;
mod links;
mod network;
mod settings;
mod time;

pub const CHECKS: &[fn()] = &[
    links::opening,
    links::closing,
    links::the_links,
    links::keep_alive_times,
    links::limits_of_a_link,
    data::announcing_data,
    data::segments,
    data::the_send_buffer,
    data::fetching_data,
    data::waiting_data,
    network::resolving,
    network::pinging,
    network::own_addresses,
    network::dns_servers,
    settings::switches,
    settings::the_server,
    settings::saved_passthrough,
    settings::tls,
    time::time_servers,
    time::the_time,
];

//! Whence a request comes: the peer of the connection, or what a trusted proxy says of its own peer.

use ipnet::IpNet;
use std::net::IpAddr;

/// The address that tries are counted by: of `X-Forwarded-For`, read from its end, the first that is not a trusted proxy's.
/// Whoever is no trusted proxy is believed nothing. Of IPv6 it is the network of 64 bits, which one household has.
pub fn of(trusted: &[IpNet], peer: Option<IpAddr>, forwarded: &str) -> String {
    let Some(peer) = peer.map(|peer| peer.to_canonical()) else {
        return String::new();
    };
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut client = peer;
    for hop in forwarded.rsplit(',') {
        if !is_trusted(&client) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    match client {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let net = u128::from(address) >> 64 << 64;
            format!("{}/64", std::net::Ipv6Addr::from(net))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    fn seen(peer: &str, forwarded: &str) -> String {
        let trusted = ["10.0.0.0/8".parse().expect("a net"), "::1/128".parse().expect("a net")];
        of(&trusted, Some(peer.parse().expect("an address")), forwarded)
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(seen("192.0.2.7", "198.51.100.1"), "192.0.2.7");
        assert_eq!(seen("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(seen("::1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(seen("::ffff:10.0.0.1", "198.51.100.1"), "198.51.100.1");
    }

    #[test]
    fn what_a_client_puts_before_the_proxies_is_not_believed() {
        assert_eq!(seen("10.0.0.1", "1.1.1.1, 198.51.100.1"), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2"), "198.51.100.1");
        for nonsense in ["", "unknown", "1.1.1.1, x"] {
            assert_eq!(seen("10.0.0.1", nonsense), "10.0.0.1", "{nonsense}");
        }
    }

    #[test]
    fn of_ipv6_the_network_counts() {
        assert_eq!(seen("2001:db8:1:2:3::4", ""), "2001:db8:1:2::/64");
    }
}

//! Many connections that ask as fast as they are answered. The client is a bare socket, because a whole HTTP client would
//! cost more than the server that it measures.

use anyhow::{Context, Result, bail};
use backend::clock::Stopwatch;
use futures::future::join_all;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a flood found.
pub struct Flood {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// How often each status came.
    pub statuses: Vec<(u16, usize)>,
}

impl Flood {
    /// Whether every answer was of this status, so many came a second, and 99 of 100 in so many milliseconds.
    pub fn holds(&self, status: u16, per_second_min: f64, p99_ms_max: f64) -> bool {
        let is_wanted = self.statuses.iter().all(|(found, _)| *found == status);
        is_wanted && per_second_min <= self.per_second && self.p99_ms <= p99_ms_max
    }

    pub fn told(&self) -> String {
        let statuses: Vec<String> = self
            .statuses
            .iter()
            .map(|(status, count)| format!("{status} × {count}"))
            .collect();
        format!(
            "{:.0}/s, p50 {:.1} ms, p99 {:.1} ms ({})",
            self.per_second,
            self.p50_ms,
            self.p99_ms,
            statuses.join(", ")
        )
    }
}

/// Asks on so many connections for so long; `request` makes the n-th request of a connection.
pub async fn flood<R>(url: &str, connections: usize, long: Duration, request: R) -> Result<Flood>
where
    R: Fn(usize, usize) -> Vec<u8> + Sync,
{
    let watch = Stopwatch::start();
    let hands = (0..connections).map(|hand| {
        let request = &request;
        async move { one(url, long, |n| request(hand, n)).await }
    });
    let asked: Vec<(u16, f64)> = join_all(hands).await.into_iter().collect::<Result<Vec<_>>>()?.concat();
    let seconds = watch.seconds();
    let mut times: Vec<f64> = asked.iter().map(|(_, seconds)| seconds * 1000.0).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        times
            .get(((times.len() as f64 - 1.0) * share) as usize)
            .copied()
            .unwrap_or_default()
    };
    let mut statuses: Vec<(u16, usize)> = Vec::new();
    for (status, _) in &asked {
        match statuses.iter_mut().find(|(known, _)| known == status) {
            Some((_, count)) => *count += 1,
            None => statuses.push((*status, 1)),
        }
    }
    Ok(Flood {
        per_second: asked.len() as f64 / seconds,
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        statuses,
    })
}

async fn one(url: &str, long: Duration, request: impl Fn(usize) -> Vec<u8>) -> Result<Vec<(u16, f64)>> {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await?;
    stream.set_nodelay(true)?;
    let whole = Stopwatch::start();
    let (mut asked, mut buffer) = (Vec::new(), Vec::with_capacity(256 * 1024));
    while whole.seconds() < long.as_secs_f64() {
        let watch = Stopwatch::start();
        stream.write_all(&request(asked.len())).await?;
        let status = reply(&mut stream, &mut buffer).await?;
        asked.push((status, watch.seconds()));
    }
    Ok(asked)
}

/// Reads one reply of known length to its end.
async fn reply(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<u16> {
    buffer.clear();
    let head = loop {
        if let Some(at) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(buffer).await? == 0 {
            bail!("the server closed: {}", String::from_utf8_lossy(buffer));
        }
    };
    let text = String::from_utf8_lossy(&buffer[..head]).to_lowercase();
    let status: u16 = text.split(' ').nth(1).context("a status")?.parse()?;
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = match length {
        Some(length) => length.trim().parse()?,
        None if status == 304 => 0,
        None => bail!("a reply without its length: {text}"),
    };
    while buffer.len() < head + length {
        if stream.read_buf(buffer).await? == 0 {
            bail!("the server closed in the middle of a reply");
        }
    }
    Ok(status)
}

pub fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: load\r\n{headers}\r\n").into_bytes()
}

pub fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: load\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
        .into_bytes()
}

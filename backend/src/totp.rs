//! Time-based one-time codes of six digits, RFC 6238 over HMAC-SHA-1, as every authenticator app makes them.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// Milliseconds of one step.
const STEP_MS: i64 = 30_000;
const DIGITS: u32 = 6;
/// Bytes of a secret: the length of the hash, as RFC 4226 recommends.
const SECRET_LEN: usize = 20;
/// RFC 4648.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

pub fn new_secret() -> Vec<u8> {
    rand::random::<[u8; SECRET_LEN]>().to_vec()
}

/// The step whose code this is, when it is one of the present step or its neighbours (clocks differ) and later than the
/// last one that was used: a code opens once.
pub fn accepted(secret: &[u8], code: &str, now_ms: i64, last_step: i64) -> Option<i64> {
    let now = now_ms.div_euclid(STEP_MS);
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let fits = |step: &i64| bool::from(code_of(secret, *step).as_bytes().ct_eq(typed.as_bytes()));
    (now - 1..=now + 1).filter(|step| *step > last_step).find(fits)
}

/// The code of a moment, as an authenticator app shows it.
pub fn code(secret: &[u8], now_ms: i64) -> String {
    code_of(secret, now_ms.div_euclid(STEP_MS))
}

fn code_of(secret: &[u8], step: i64) -> String {
    let number = truncated(secret, step.unsigned_abs()) % 10_u32.pow(DIGITS);
    format!("{number:0width$}", width = DIGITS as usize)
}

/// RFC 4226, section 5.3.
fn truncated(secret: &[u8], counter: u64) -> u32 {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&counter.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[hash.len() - 1] & 0x0f);
    let four: [u8; 4] = hash[at..at + 4].try_into().expect("four bytes of twenty");
    u32::from_be_bytes(four) & 0x7fff_ffff
}

/// What an authenticator app reads, typed or from a picture.
pub fn address(secret: &[u8], login: &str) -> String {
    let login: String = login.bytes().map(percent).collect();
    format!(
        "otpauth://totp/Gongxun:{login}?secret={}&issuer=Gongxun",
        base32(secret)
    )
}

fn percent(byte: u8) -> String {
    match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    }
}

/// Base32 without padding; a secret has twenty bytes, which need none.
pub fn base32(bytes: &[u8]) -> String {
    let (mut text, mut bits, mut held) = (String::new(), 0_u32, 0_u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits)) as usize & 31]));
    }
    text
}

/// What `base32` wrote; nothing when it did not.
pub fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        held = (held << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// RFC 6238, appendix B: seconds and the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let vectors = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, code) in vectors {
            assert_eq!(code_of(SECRET, seconds * 1000 / STEP_MS), code, "{seconds}");
        }
    }

    /// RFC 4226, appendix D.
    #[test]
    fn counters_are_those_of_the_standard() {
        let truncations = [0x4c93_cf18, 0x4139_7eea, 0x082f_ef30, 0x66ef_7655, 0x61c5_938a];
        for (counter, truncation) in truncations.into_iter().enumerate() {
            assert_eq!(truncated(SECRET, counter as u64), truncation, "{counter}");
        }
    }

    #[test]
    fn a_code_opens_once_and_not_long_after() {
        let (now_ms, step) = (59_000, 1);
        assert_eq!(accepted(SECRET, "287082", now_ms, 0), Some(step));
        assert_eq!(accepted(SECRET, " 287 082", now_ms, 0), Some(step));
        assert_eq!(accepted(SECRET, "287082", now_ms, step), None, "it was used");
        assert_eq!(
            accepted(SECRET, "287082", now_ms + STEP_MS, 0),
            Some(step),
            "clocks differ"
        );
        assert_eq!(accepted(SECRET, "287082", now_ms + 2 * STEP_MS, 0), None, "it is old");
        for wrong in ["", "28708", "2870822", "000000", "二八七零八二"] {
            assert_eq!(accepted(SECRET, wrong, now_ms, 0), None, "{wrong:?}");
        }
    }

    /// RFC 4648, section 10, without the padding.
    #[test]
    fn secrets_are_written_in_base32() {
        let vectors = [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("foobar", "MZXW6YTBOI"),
        ];
        for (plain, text) in vectors {
            assert_eq!(base32(plain.as_bytes()), text, "{plain:?}");
            assert_eq!(from_base32(text).as_deref(), Some(plain.as_bytes()), "{text:?}");
        }
        assert_eq!(from_base32("MZX1"), None);
        assert_eq!(
            address(SECRET, "王 li"),
            "otpauth://totp/Gongxun:%E7%8E%8B%20li?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Gongxun"
        );
    }
}

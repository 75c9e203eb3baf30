//! A person's phone number: read as people type it, kept in one form (E.164), shown with its middle hidden.
//!
//! Neither type prints what it holds, so a number reaches no log and nothing that is made of what a call prints.

use crate::password::UNSHOWN;
use crate::violation::Violation;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What somebody typed as a number; empty is no number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String))]
pub struct PhoneText(pub String);

/// A number in E.164: `+`, then 7 to 15 digits of which the first is not 0.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl fmt::Debug for PhoneText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneText{UNSHOWN}")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

/// What people put between digits.
const SEPARATORS: &str = " -()\u{a0}\u{3000}（）－";
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

impl Phone {
    /// A Chinese mobile number as it is dialled at home, or any number with `+` or `00` and its country.
    pub fn parse(text: &PhoneText) -> Result<Phone, Violation> {
        let plain: String = text
            .0
            .trim()
            .chars()
            .filter(|c| !SEPARATORS.contains(*c))
            .map(half_width)
            .collect();
        let country_first = plain.strip_prefix('+').or_else(|| plain.strip_prefix("00"));
        let digits = match country_first {
            Some(digits) => digits.to_owned(),
            None if is_mobile(&plain) => format!("86{plain}"),
            None => return Err(Violation::PhoneIllFormed),
        };
        let fits = DIGITS.contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit());
        // Eleven digits that begin with 1 are a mobile number of China; of those only some are given out.
        let is_ghost = digits
            .strip_prefix("861")
            .is_some_and(|rest| rest.len() == 10 && !is_mobile(&digits[2..]));
        match fits && !digits.starts_with('0') && !is_ghost {
            true => Ok(Phone(format!("+{digits}"))),
            false => Err(Violation::PhoneIllFormed),
        }
    }

    /// For whoever may know it all.
    pub fn number(&self) -> &str {
        &self.0
    }

    /// Enough to be recognised by who knows it: `138****5678`, `+44****3456`.
    pub fn masked(&self) -> String {
        let digits = &self.0[1..];
        if let Some(mobile) = digits.strip_prefix("86").filter(|rest| is_mobile(rest)) {
            return format!("{}****{}", &mobile[..3], &mobile[7..]);
        }
        let shown = if digits.len() < 10 { 2 } else { 4 };
        format!("+{}****{}", &digits[..2], &digits[digits.len() - shown..])
    }
}

/// As it was stored.
impl TryFrom<String> for Phone {
    type Error = Violation;
    fn try_from(text: String) -> Result<Self, Violation> {
        Phone::parse(&PhoneText(text))
    }
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '＋' => '+',
        c => c,
    }
}

/// 11 digits from 13 to 19.
fn is_mobile(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]) && bytes.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn parsed(text: &str) -> Result<Phone, Violation> {
        Phone::parse(&PhoneText(text.into()))
    }

    #[rstest]
    #[case("13812345678", "+8613812345678", "138****5678")]
    #[case(" 138 1234 5678 ", "+8613812345678", "138****5678")]
    #[case("138-1234-5678", "+8613812345678", "138****5678")]
    #[case("+86 138 1234 5678", "+8613812345678", "138****5678")]
    #[case("008613812345678", "+8613812345678", "138****5678")]
    #[case("１３８１２３４５６７８", "+8613812345678", "138****5678")]
    #[case("+86 (878) 312-3456", "+868783123456", "+86****3456")]
    #[case("+44 20 7946 0958", "+442079460958", "+44****0958")]
    #[case("+2901234", "+2901234", "+29****34")]
    #[case("+123456789012345", "+123456789012345", "+12****2345")]
    fn a_number_is_kept_in_one_form_and_shown_with_its_middle_hidden(
        #[case] typed: &str,
        #[case] kept: &str,
        #[case] shown: &str,
    ) {
        let phone = parsed(typed).expect("a number");
        assert_eq!((phone.number(), phone.masked().as_str()), (kept, shown));
        assert_eq!(Phone::try_from(kept.to_owned()), Ok(phone), "as it was stored");
    }

    #[rstest]
    #[case("")]
    #[case("12345")]
    #[case("12345678901")]
    #[case("1381234567")]
    #[case("138123456789")]
    #[case("+8612345678901")]
    #[case("+0123456789")]
    #[case("+123456")]
    #[case("+1234567890123456")]
    #[case("0878-3123456")]
    #[case("+86138x2345678")]
    #[case("+")]
    #[case("+٠١٢٣٤٥٦٧٨٩")]
    fn what_nobody_can_dial_is_refused(#[case] typed: &str) {
        assert_eq!(parsed(typed), Err(Violation::PhoneIllFormed), "{typed}");
    }

    #[test]
    fn at_least_three_digits_stay_hidden_and_nothing_prints_them() {
        for typed in ["13812345678", "+442079460958", "+2901234"] {
            let phone = parsed(typed).expect("a number");
            let shown = phone.masked().chars().filter(char::is_ascii_digit).count();
            assert!(phone.number().len() - 1 - shown >= 3, "{}", phone.masked());
            let printed = format!("{phone:?} {:?}", PhoneText(typed.into()));
            assert!(
                !printed.contains(phone.number()) && !printed.contains(typed),
                "{printed}"
            );
        }
    }
}

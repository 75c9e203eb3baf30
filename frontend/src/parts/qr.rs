//! A QR code as a picture in the page: dark on white in every theme, because cameras read it so. It is drawn by the server
//! and asks nobody; who cannot see it has the same text beside it.

use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

/// Modules of white around it that readers need (ISO/IEC 18004).
const QUIET: usize = 4;

/// The picture of a text, called `label`; nothing where the text is too long for any code.
pub fn qr(text: &str, label: &'static str) -> Option<AnyView> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width() + 2 * QUIET;
    let view_box = format!("0 0 {side} {side}");
    let dark = dark(&code.to_colors(), code.width());
    let picture = view! {
        <svg class="qr" viewBox=view_box role="img" aria-label=label shape-rendering="crispEdges">
            <rect width="100%" height="100%" fill="#fff"></rect>
            <path d=dark fill="#000"></path>
        </svg>
    };
    Some(picture.into_any())
}

/// One bar for every run of dark modules in a row.
fn dark(modules: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (row, colors) in modules.chunks(width).enumerate() {
        let mut column = 0;
        for run in colors.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let (x, y, long) = (column + QUIET, row + QUIET, run.len());
                path += &format!("M{x} {y}h{long}v1h-{long}z");
            }
            column += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read back from the path itself: every dark module and no other.
    #[test]
    fn the_picture_has_the_code_s_modules() {
        let code = QrCode::with_error_correction_level("otpauth://totp/Gongxun:li", EcLevel::M).expect("it fits");
        let (width, modules) = (code.width(), code.to_colors());
        let mut drawn = vec![Color::Light; width * width];
        for bar in dark(&modules, width).split('M').skip(1) {
            let (x, rest) = bar.split_once(' ').expect("x and y");
            let (y, rest) = rest.split_once('h').expect("a length");
            let (long, _) = rest.split_once('v').expect("one high");
            let [x, y, long] = [x, y, long].map(|text| text.parse::<usize>().expect("a number"));
            let from = (y - QUIET) * width + x - QUIET;
            drawn[from..from + long].fill(Color::Dark);
        }
        assert!(drawn == modules);
    }

    #[test]
    fn what_is_too_long_has_no_picture() {
        assert!(qr(&"长".repeat(2000), "code").is_none());
    }
}

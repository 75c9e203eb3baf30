//! What pages are made of. Each part is a function from plain values to HTML and has its block in `style/`.

pub mod chart;
pub mod empty;
pub mod field;
#[cfg(feature = "ssr")]
pub mod frame;
pub mod icon;
pub mod mark;
#[cfg(not(feature = "hydrate"))]
pub mod qr;
pub mod thing_week;
pub mod told;
pub mod week;
pub mod weeks;

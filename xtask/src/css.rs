//! Puts the style sheets into one and takes out what only a reader needs: comments and idle white space.
//! It deliberately rewrites nothing: no selector, value or order changes, so what an engineer debugs is what is served.

/// Sheets that the others build upon, in this order; the rest follow by name.
const FIRST: [&str; 2] = ["tokens.css", "base.css"];

/// The order in which the files of `frontend/style` are put together.
pub fn in_order(mut names: Vec<String>) -> Vec<String> {
    let rank = |name: &String| FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len());
    names.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    names
}

/// Comments go, runs of white space become one blank, and the blanks beside `{ } ; ,` go too.
/// Blanks elsewhere stay, because they can mean something: `a :hover`, `calc(1px + 2px)`. Strings and `url(…)` are kept.
pub fn minify(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut rest = source;
    let mut blank_pending = false;
    while let Some(next) = rest.chars().next() {
        let taken = if rest.starts_with("/*") {
            blank_pending = true;
            comment_len(rest)
        } else if next.is_ascii_whitespace() {
            blank_pending = true;
            next.len_utf8()
        } else {
            let taken = token_len(rest, next);
            if blank_pending && !is_tight(next) && kept.chars().next_back().is_some_and(|last| !is_tight(last)) {
                kept.push(' ');
            }
            blank_pending = false;
            kept.push_str(&rest[..taken]);
            taken
        };
        rest = &rest[taken..];
    }
    kept
}

fn is_tight(c: char) -> bool {
    matches!(c, '{' | '}' | ';' | ',')
}

fn comment_len(rest: &str) -> usize {
    rest[2..].find("*/").map_or(rest.len(), |at| at + 4)
}

/// A string and an unquoted `url(…)` count as one token; an escaped character belongs to its backslash.
fn token_len(rest: &str, next: char) -> usize {
    match next {
        '"' | '\'' => string_len(rest, next),
        '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        'u' | 'U' if rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("url(")) => url_len(rest),
        _ => next.len_utf8(),
    }
}

fn string_len(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn url_len(rest: &str) -> usize {
    if rest[4..].trim_start().starts_with(['"', '\'']) {
        return 4;
    }
    rest.find(')').map_or(rest.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        assert_eq!(minify(source), expected, "{source}");
    }

    #[test]
    fn tokens_and_base_come_first_and_the_rest_by_name() {
        let names = ["week.css", "base.css", "badge.css", "tokens.css"]
            .map(String::from)
            .to_vec();
        assert_eq!(in_order(names), ["tokens.css", "base.css", "badge.css", "week.css"]);
    }

    #[test]
    fn comments_and_idle_blanks_go() {
        check("/* 色 */\na , b {\n  color : red ;\n}\n", "a,b{color : red;}");
        check("a{}/* to the end", "a{}");
    }

    #[test]
    fn blanks_that_mean_something_stay() {
        check(
            "nav  a :hover { width: calc(1px  + 2px) }",
            "nav a :hover{width: calc(1px + 2px)}",
        );
        check("a/**/b {}", "a b{}");
        check(
            "@media (min-width: 40em)  and (hover) { a {} }",
            "@media (min-width: 40em) and (hover){a{}}",
        );
    }

    #[test]
    fn strings_and_addresses_are_kept_as_they_are() {
        check(
            r#"a::before { content: "  /* ; \" */ " ; }"#,
            r#"a::before{content: "  /* ; \" */ ";}"#,
        );
        check(
            "a { background: url(data:image/*;x, y) ; }",
            "a{background: url(data:image/*;x, y);}",
        );
        check("a { background: url( '/* */' ) ; }", "a{background: url( '/* */' );}");
        check(r".a\;b { }", r".a\;b{}");
    }
}

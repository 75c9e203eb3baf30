//! Why a solver run came to no good end, by the word that the server keeps.

use super::Lang;

phrases! {
    not_started: "求解程序没能启动。请联系管理员。", "The solver could not be started. Ask whoever runs the server.";
    too_late: "求解程序超时没有结束，已被终止。可以再试一次，或给它更多时间。", "The solver did not end in time and was ended. Try again, or give it more time.";
    killed: "求解程序中途被终止，可能是内存不够。可以再试一次。", "The solver was cut off on its way, perhaps for want of memory. Try again.";
    broke: "求解程序出错，没有走到最后。可以再试一次；若仍出错，请联系管理员。", "The solver failed before it came to its end. Try again; if it fails again, ask whoever runs the server.";
    answer_missing: "求解程序结束了，但没有交出方案。", "The solver ended without handing in a plan.";
    answer_unreadable: "求解程序交出的方案读不出来，没有采用。", "The solver's plan cannot be read and was not taken.";
    answer_refused: "求解程序交出的方案没有通过检查，没有采用。", "The solver's plan did not pass the check and was not taken.";
    instance_refused: "本周的数据自相矛盾，求解程序不接受。请联系管理员查看日志。", "The week's data contradict themselves, so the solver refuses them. Ask whoever runs the server to look at the log.";
    tries_exhausted: "试了几次，求解都中断了。请联系管理员。", "The run broke off several times. Ask whoever runs the server.";
}

/// One sentence; a word that is not known is shown as it is.
pub fn why(lang: Lang, word: &str) -> String {
    let known = match word {
        "solver_not_started" => not_started(lang),
        "solver_too_late" => too_late(lang),
        "solver_killed" => killed(lang),
        "solver_failed" => broke(lang),
        "answer_missing" => answer_missing(lang),
        "answer_unreadable" | "answer_too_large" => answer_unreadable(lang),
        "answer_refused" => answer_refused(lang),
        "instance_refused" | "instance_unreadable" => instance_refused(lang),
        "tries_exhausted" => tries_exhausted(lang),
        other => other,
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_server_is_a_sentence() {
        for word in [
            "solver_not_started",
            "solver_too_late",
            "solver_killed",
            "solver_failed",
            "answer_missing",
            "answer_unreadable",
            "answer_too_large",
            "answer_refused",
            "instance_refused",
            "instance_unreadable",
            "tries_exhausted",
        ] {
            for lang in [Lang::Zh, Lang::En] {
                assert!(!why(lang, word).contains('_'), "{word}");
            }
        }
    }
}

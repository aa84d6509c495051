//! Makes a text that shows something shorter, while it still shows it.

/// The shortest text found by leaving out runs of characters, from long ones to single ones, for which `shows` holds.
pub(super) fn shrink(text: &str, mut shows: impl FnMut(&str) -> bool) -> String {
    let mut kept: Vec<char> = text.chars().collect();
    let mut run = kept.len() / 2;
    while run > 0 {
        let before = kept.len();
        let mut at = 0;
        while at < kept.len() {
            let shorter: Vec<char> =
                kept.iter().take(at).chain(kept.iter().skip(at + run)).copied().collect();
            if shows(&shorter.iter().collect::<String>()) {
                kept = shorter;
            } else {
                at += run;
            }
        }
        // Single characters until none can go any more.
        if run > 1 || kept.len() == before {
            run /= 2;
        }
    }
    kept.into_iter().collect()
}

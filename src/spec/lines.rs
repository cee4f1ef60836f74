//! Lines and columns of a text, without counting from its start each time.

/// How many bytes are counted for one place at most.
const BLOCK: usize = 8 * 1024;

/// What stands before each block of a text.
#[derive(Debug)]
pub(super) struct Lines {
    blocks: Vec<Before>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Before {
    lines: usize,
    chars: usize,
}

impl Lines {
    pub(super) fn of(text: &str) -> Lines {
        let mut before = Before::default();
        let mut blocks = vec![before];
        for block in text.as_bytes().chunks(BLOCK) {
            before.lines += newlines(block);
            before.chars += chars(block);
            blocks.push(before);
        }
        Lines { blocks }
    }

    /// Line and column of a byte of the same text, both from 1, the column in characters.
    pub(super) fn position(&self, text: &str, at: usize) -> (usize, usize) {
        let bytes = text.as_bytes();
        let block = at / BLOCK;
        let lines = self.blocks[block].lines + newlines(&bytes[block * BLOCK..at]);
        // The block in which the line starts.
        let first = self.blocks.partition_point(|before| before.lines < lines);
        let first = first.saturating_sub(1).min(block) * BLOCK;
        let end = at.min(first + BLOCK);
        let start = match bytes[first..end].iter().rposition(|byte| *byte == b'\n') {
            Some(newline) => first + newline + 1,
            None => 0,
        };
        (
            lines + 1,
            self.chars(bytes, at) - self.chars(bytes, start) + 1,
        )
    }

    /// How many characters stand before a byte.
    fn chars(&self, bytes: &[u8], at: usize) -> usize {
        let block = at / BLOCK;
        self.blocks[block].chars + chars(&bytes[block * BLOCK..at])
    }
}

fn newlines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

/// Every byte but those that continue a character.
fn chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_that_counting_gives() {
        let short = "a: é\nb: 😀 c\n\n".repeat(3_000);
        let long = format!("{}\n{}", "é x ".repeat(10_000), "y".repeat(3 * BLOCK));
        let even = format!("{}\n{}\n", "x".repeat(BLOCK - 1), "y".repeat(BLOCK - 1));
        for text in ["", "\n", "a", &short, &long, &even] {
            let lines = Lines::of(text);
            let (mut line, mut column) = (1, 1);
            for (at, c) in text.char_indices() {
                assert_eq!(lines.position(text, at), (line, column), "at {at}");
                (line, column) = match c {
                    '\n' => (line + 1, 1),
                    _ => (line, column + 1),
                };
            }
            assert_eq!(lines.position(text, text.len()), (line, column));
        }
    }
}

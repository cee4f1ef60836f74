/// Where things didn't come in the order in which they are expected: the first that came only
/// before the one that it is to follow. Each is given as the numbers of the exchanges that it came
/// in, those that didn't come at all are none.
pub(super) fn out_of_order(came: &[&[u64]]) -> Option<usize> {
    let mut last = 0;
    for (index, numbers) in came.iter().enumerate() {
        if numbers.is_empty() {
            continue;
        }
        match numbers.iter().find(|number| **number > last) {
            Some(number) => last = *number,
            None => return Some(index),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_to_come_once_behind_the_one_before_it() {
        assert_eq!(out_of_order(&[&[1, 4], &[2], &[3, 5]]), None);
        assert_eq!(out_of_order(&[&[4], &[2, 5], &[], &[5, 6]]), None);
        assert_eq!(out_of_order(&[&[4], &[2]]), Some(1));
        assert_eq!(out_of_order(&[]), None);
    }
}


fn part_CALL_PART(count: usize, name: &str) -> Vec<String> {
    let mut names: Vec<String> = (0..count).map(|index| format!("{name}-{index}")).collect();
    names.sort_by(|one, other| other.cmp(one));
    if names.len() > PART {
        names.truncate(PART);
    }
    names
}

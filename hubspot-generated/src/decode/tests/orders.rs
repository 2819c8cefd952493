//! Fields in any order: those of one object say nothing about another.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::{Decoded, Decoder};
use super::shown;

/// Reads a list of objects that have values for some of `names`.
fn objects(
    json: &str,
    names: &'static [&'static str],
) -> Result<Vec<BTreeMap<usize, String>>, String> {
    let mut objects = Vec::new();
    let mut decoder = Decoder::new(json);
    let read = decoder.list(&mut |decoder| -> Decoded {
        let mut object = BTreeMap::new();
        decoder.known_members(&"an object", names, &mut |decoder, index| {
            object.insert(index, decoder.some_text()?.into_owned());
            Ok(())
        })?;
        objects.push(object);
        Ok(())
    });
    shown(read.and_then(|()| decoder.end()))?;
    Ok(objects)
}

/// A key as it may be written: as it is, or with escapes.
fn written(key: &str, random: &mut fastrand::Rng) -> String {
    if random.u8(..) > 20 {
        return Value::from(key).to_string();
    }
    let escaped = key.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
    format!("\"{}\"", escaped.collect::<String>())
}

#[test]
fn each_value_goes_to_its_name() {
    let mut random = fastrand::Rng::with_seed(7);
    let mut rare = fastrand::Rng::with_seed(8);
    let many: Vec<_> = (0..300).map(|number| format!("name_{number}")).collect();
    // Names are those of types.
    let many: &[&str] = many
        .iter()
        .map(|name| &*name.clone().leak())
        .collect::<Vec<_>>()
        .leak();
    let odd: &[&str] = &["a\"b", "a\\", "a\\nb", "a\nb", "n", "\u{e4}", ""];
    for names in [&many[..5], &many[..40], many, odd, &[]] {
        for _ in 0..100 {
            let mut order: Vec<usize> = (0..names.len()).collect();
            random.shuffle(&mut order);
            let (mut json, mut expected) = (Vec::new(), Vec::new());
            for _ in 0..random.usize(1..6) {
                if random.u8(..) < 60 {
                    random.shuffle(&mut order);
                }
                let (mut members, mut object) = (Vec::new(), BTreeMap::new());
                for &index in order.iter().filter(|_| rare.u8(..) > 30) {
                    let value = random.u32(..).to_string();
                    let space = if random.u8(..) < 30 { " " } else { "" };
                    members.push(format!(
                        "{}{space}:{space}\"{value}\"",
                        written(names[index], &mut random)
                    ));
                    object.insert(index, value);
                    if random.u8(..) < 30 {
                        members.push(format!(r#""other{index}":{{"name_1":[1,null]}}"#));
                    }
                    if random.u8(..) < 10 {
                        members.push(members[random.usize(..members.len())].clone());
                    }
                }
                let all = format!("{{{}}}", members.join(","));
                // Another reader says which of repeated keys counts.
                let values: BTreeMap<String, Value> = serde_json::from_str(&all).unwrap();
                for (index, value) in &mut object {
                    values[names[*index]].as_str().unwrap().clone_into(value);
                }
                json.push(all);
                expected.push(object);
            }
            let json = format!("[{}]", json.join(","));
            assert_eq!(objects(&json, names), Ok(expected), "{json}");
        }
    }
}

#[test]
fn an_error_names_the_key_in_any_order() {
    for (json, path) in [
        (r#"[{"a":"1","b":"2"},{"a":"1","b":[]}]"#, "[1].b"),
        (r#"[{"b":"1","a":"2"},{"b":[]}]"#, "[1].b"),
        (r#"[{"b":"1","a":"2"},{"c":[1,}]}]"#, "[1].c"),
    ] {
        let error = objects(json, &["a", "b"]).unwrap_err();
        assert!(error.starts_with(&format!("{path}: ")), "{error}");
    }
}

#[test]
fn a_name_that_json_escapes_is_not_taken_for_what_is_written() {
    assert_eq!(
        objects(r#"[{"a\nb":"1"}]"#, &["a\\nb"]),
        Ok(vec![BTreeMap::new()])
    );
    assert!(objects(r#"[{"a"b":"1"}]"#, &["a\"b"]).is_err());
}

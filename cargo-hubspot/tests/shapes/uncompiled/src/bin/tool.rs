//! A binary that needs a feature.

fn main() {
    let hubspot = uncompiled::Hub::builder().access_token("secret").build().unwrap();
    drop(hubspot.line_items().get("1"));
}

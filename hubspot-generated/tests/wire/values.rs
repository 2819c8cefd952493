//! Secrets as values.

use hubspot_generated::Secret;

#[test]
fn a_secret_is_serialized_but_not_shown() {
    let secret: Secret = serde_json::from_str(r#""pat-1""#).unwrap();
    assert_eq!(serde_json::to_string(&secret).unwrap(), r#""pat-1""#);
    assert_eq!(secret, Secret::from("pat-1"));
    assert_ne!(secret, Secret::from("pat-2"));
    assert_ne!(secret, Secret::from("pat-11"));
    let refused = serde_json::from_str::<Secret>("123456")
        .unwrap_err()
        .to_string();
    assert!(!refused.contains("123456"), "{refused}");
}

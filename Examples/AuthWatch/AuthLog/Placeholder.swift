public enum AuthLogPlaceholder {}

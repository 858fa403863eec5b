/// A short log for a run without arguments: it shows every kind of alert.
public enum SampleLog {
    /// The log's bytes.
    public static var bytes: [UInt8] { Array(text.utf8) }

    // Addresses are those reserved for documentation.
    private static let text = """
        Jan 15 09:00:01 gate sshd[801]: Server listening on 0.0.0.0 port 22.
        Jan 15 09:00:01 gate sshd[801]: Server listening on :: port 22.
        Jan 15 09:02:11 gate sshd[910]: Accepted publickey for alice from 192.0.2.10 port 50122 ssh2: ED25519 SHA256:uTnR
        Jan 15 09:02:11 gate sshd[910]: pam_unix(sshd:session): session opened for user alice(uid=1000) by (uid=0)
        Jan 15 09:03:40 gate systemd[1]: Started Daily apt download activities.
        Jan 15 09:05:02 gate sshd[921]: Did not receive identification string from 198.51.100.77 port 41022
        Jan 15 09:05:09 gate sshd[923]: Unable to negotiate with 198.51.100.77 port 41030: no matching key exchange method found. Their offer: diffie-hellman-group1-sha1 [preauth]
        Jan 15 09:10:00 gate sshd[940]: reverse mapping checking getaddrinfo for mail.example.net [203.0.113.5] failed - POSSIBLE BREAK-IN ATTEMPT!
        Jan 15 09:10:01 gate sshd[940]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.5  user=root
        Jan 15 09:10:03 gate sshd[940]: Failed password for root from 203.0.113.5 port 39114 ssh2
        Jan 15 09:10:15 gate sshd[940]: message repeated 5 times: [ Failed password for root from 203.0.113.5 port 39114 ssh2]
        Jan 15 09:10:15 gate sshd[940]: PAM 5 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.5  user=root
        Jan 15 09:10:20 gate sshd[944]: Failed password for root from 203.0.113.5 port 39120 ssh2
        Jan 15 09:10:21 gate sshd[944]: Received disconnect from 203.0.113.5 port 39120:11: Bye Bye [preauth]
        Jan 15 09:10:21 gate sshd[944]: Disconnected from authenticating user root 203.0.113.5 port 39120 [preauth]
        Jan 15 09:10:40 gate sshd[947]: Failed password for bob from 198.51.100.66 port 40110 ssh2
        Jan 15 09:10:52 gate sshd[947]: message repeated 9 times: [ Failed password for bob from 198.51.100.66 port 40110 ssh2]
        Jan 15 09:10:52 gate sshd[947]: error: maximum authentication attempts exceeded for bob from 198.51.100.66 port 40110 ssh2 [preauth]
        Jan 15 09:10:52 gate sshd[947]: Disconnecting authenticating user bob 198.51.100.66 port 40110: Too many authentication failures [preauth]
        Jan 15 09:11:00 gate sshd-session[950]: Invalid user admin from 2001:db8::bad port 55000
        Jan 15 09:11:02 gate sshd-session[950]: Failed password for invalid user admin from 2001:db8::bad port 55000 ssh2
        Jan 15 09:11:03 gate sshd-session[950]: Connection closed by invalid user admin 2001:db8::bad port 55000 [preauth]
        Jan 15 09:11:05 gate sshd-session[952]: Failed password for invalid user guest from 2001:db8::bad port 55004 ssh2
        Jan 15 09:11:08 gate sshd-session[954]: Failed none for invalid user test from 2001:db8::bad port 55006 ssh2
        Jan 15 09:11:09 gate sshd-session[954]: Failed password for invalid user test from 2001:db8::bad port 55006 ssh2
        Jan 15 09:11:12 gate sshd-session[956]: Failed keyboard-interactive/pam for invalid user a\u{1B}[31m from 192.0.2.99 port 22 ssh2 from 2001:db8::bad port 55008 ssh2
        Jan 15 09:11:15 gate sshd-session[958]: Failed password for invalid user oracle from 2001:db8::bad port 55010 ssh2
        Jan 15 09:11:20 gate sshd-session[960]: Connection reset by 2001:db8::bad port 55014 [preauth]
        Jan 15 09:15:00 gate CRON[1001]: pam_unix(cron:session): session opened for user root by (uid=0)
        Jan 15 09:20:00 gate sshd[1010]: Failed password for bob from 198.51.100.20 port 60001 ssh2
        Jan 15 09:20:04 gate sshd[1010]: Failed password for bob from 198.51.100.20 port 60001 ssh2
        Jan 15 09:20:09 gate sshd[1010]: Failed password for bob from 198.51.100.20 port 60001 ssh2
        Jan 15 09:20:13 gate sshd[1010]: Accepted password for bob from 198.51.100.20 port 60001 ssh2
        Jan 15 09:20:13 gate sshd[1010]: pam_unix(sshd:session): session opened for user bob(uid=1001) by (uid=0)
        Jan 15 09:25:00 gate sshd[1020]: Address 203.0.113.80 maps to localhost, but this does not map back to the address - POSSIBLE BREAK-IN ATTEMPT!
        Jan 15 09:25:02 gate sshd[1020]: User guest from 203.0.113.80 not allowed because not listed in AllowUsers
        Jan 15 09:25:03 gate sshd[1020]: input_userauth_request: invalid user guest [preauth]
        Jan 15 09:30:00 gate sshd[1030]: Failed publickey for alice from 192.0.2.10 port 50188 ssh2: RSA SHA256:9rKw
        Jan 15 09:30:01 gate sshd[1030]: Accepted publickey for root from 192.0.2.10 port 50190 ssh2: ED25519 SHA256:uTnR
        Jan 15 09:41:12 gate sshd[910]: pam_unix(sshd:session): session closed for user alice
        Jan 15 09:41:12 gate sshd[910]: Disconnected from user alice 192.0.2.10 port 50122
        ~~~ log rotated \u{7}~~~

        """
}

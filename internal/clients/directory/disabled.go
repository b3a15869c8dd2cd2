// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// disabledAttributes are what directories say about accounts that cannot log in until an administrator acts.
var disabledAttributes = []string{
	"userAccountControl", "accountExpires", // Active Directory
	"msDS-UserAccountDisabled", // AD LDS
	"pwdAccountLockedTime",     // the password policy of OpenLDAP and others (draft-behera-ldap-password-policy)
	"pwdEndTime",               // OpenLDAP
	"nsAccountLock",            // 389 Directory Server, FreeIPA
	"accountUnlockTime",        // 389 Directory Server; not tested on a real one
	"krbPrincipalExpiration",   // FreeIPA
	"loginDisabled",            // eDirectory
	"loginExpirationTime",      // eDirectory
	"ds-pwp-account-disabled",  // OpenDJ, PingDirectory
	"shadowExpire",             // RFC 2307
}

// disabled reports whether the account cannot log in until an administrator acts, and why. It is nil if the entry says
// nothing. A lock that passes by itself after wrong passwords is not disabling.
func disabled(entry *ldap.Entry, now time.Time) (*bool, string) {
	said := false
	var reasons []string
	for _, attribute := range disabledAttributes {
		for _, value := range values(entry, attribute) {
			reason, known := disabledBy(attribute, strings.TrimSpace(value), now)
			said = said || known
			if reason != "" {
				reasons = append(reasons, reason)
			}
		}
	}
	if !said {
		return nil, ""
	}
	yes := len(reasons) > 0
	return &yes, strings.Join(reasons, "; ")
}

// disabledBy is why the value disables the account, or "". known = the value says something.
func disabledBy(attribute, value string, now time.Time) (reason string, known bool) {
	switch attribute {
	case "userAccountControl":
		const accountDisabled = 0x2 // ADS_UF_ACCOUNTDISABLE
		flags, err := strconv.ParseInt(value, 10, 64)
		if err == nil && flags&accountDisabled != 0 {
			return "userAccountControl has the flag ACCOUNTDISABLE", true
		}
		return "", err == nil
	case "accountExpires":
		return expired(attribute, fileTime(value), now)
	case "pwdAccountLockedTime":
		const untilUnlocked = "000001010000Z" // only an administrator ends such a lock
		if value == untilUnlocked || value == "00000101000000Z" {
			return "pwdAccountLockedTime is " + value + " (locked until an administrator unlocks the account)", true
		}
		return "", true
	case "accountUnlockTime":
		const untilReset = "19700101000000Z" // only an administrator ends such a lock
		if value == untilReset {
			return "accountUnlockTime is " + value + " (locked until an administrator resets the password)", true
		}
		return "", true
	case "krbPrincipalExpiration", "loginExpirationTime", "pwdEndTime":
		return expired(attribute, generalizedTime(value), now)
	case "shadowExpire":
		return expired(attribute, shadowDay(value), now)
	default: // nsAccountLock, loginDisabled and others that are TRUE or FALSE
		if strings.EqualFold(value, "true") {
			return attribute + " is " + value, true
		}
		return "", true
	}
}

// moment is a time that a directory gives: when is zero for "never".
type moment struct {
	when  time.Time
	valid bool
}

func expired(attribute string, m moment, now time.Time) (reason string, known bool) {
	if m.valid && !m.when.IsZero() && !m.when.After(now) {
		return fmt.Sprintf("%s is %s, which is past", attribute, m.when.UTC().Format(time.RFC3339)), true
	}
	return "", m.valid
}

// fileTime reads accountExpires (MS-ADA1 2.1): ticks of 100 ns since 1601; 0 and the largest number mean never.
func fileTime(value string) moment {
	const (
		never          = int64(1<<63 - 1)
		ticksPerSecond = 10_000_000
		unixEpoch      = 11_644_473_600 // seconds from 1601 to 1970
	)
	ticks, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil || ticks < 0:
		return moment{}
	case ticks == 0 || ticks == never:
		return moment{valid: true}
	default:
		return moment{time.Unix(ticks/ticksPerSecond-unixEpoch, 0), true}
	}
}

// shadowDay reads shadowExpire (shadow(5)): the first day, counted from 1970, on which the account can no longer be
// used; negative = never.
func shadowDay(value string) moment {
	const secondsPerDay = 24 * 60 * 60
	days, err := strconv.ParseInt(value, 10, 32)
	switch {
	case err != nil:
		return moment{}
	case days < 0:
		return moment{valid: true}
	default:
		return moment{time.Unix(days*secondsPerDay, 0), true}
	}
}

// generalizedTime reads YYYYMMDDHHMM[SS][.f]Z or with an offset instead of Z (RFC 4517 section 3.3.13).
func generalizedTime(value string) moment {
	for _, layout := range []string{"20060102150405Z0700", "200601021504Z0700", "2006010215Z0700"} {
		if when, err := time.Parse(layout, value); err == nil {
			return moment{when, true}
		}
	}
	return moment{}
}

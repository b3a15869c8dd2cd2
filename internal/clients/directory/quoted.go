// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"encoding/hex"
	"errors"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// parseDN reads a DN in the form of RFC 4514, and in the older one of RFC 1779, in which values can be quoted:
// CN="Porter, James".
func parseDN(text string) (*ldap.DN, error) {
	text = names.EscapeBytes(text, `\%02x`)
	if strings.Contains(text, `"`) {
		var err error
		if text, err = withoutQuotes(text); err != nil {
			return nil, err
		}
	}
	return ldap.ParseDN(text)
}

// withoutQuotes writes quoted values with escapes instead.
func withoutQuotes(text string) (string, error) {
	var written strings.Builder
	inValue, atStart := false, false // atStart = of a value
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' && atStart:
			value, length, err := quotedValue(text[i+1:])
			if err != nil {
				return "", err
			}
			written.WriteString(EscapeDN(value))
			i += length
			rest := strings.TrimLeft(text[i+1:], " ")
			if rest != "" && !strings.ContainsRune(",;+", rune(rest[0])) {
				return "", errors.New("text follows a quoted value")
			}
			i = len(text) - len(rest) - 1
			atStart = false
		case c == '\\' && i+1 < len(text):
			written.WriteString(text[i : i+2])
			i++
			atStart = false
		default:
			written.WriteByte(c)
			atStart = c == '=' && !inValue || c == ' ' && atStart
			inValue = c == '=' || inValue && !strings.ContainsRune(",;+", rune(c))
		}
	}
	return written.String(), nil
}

// quotedValue reads up to the closing quote, and returns how many bytes it took with that quote.
func quotedValue(text string) (value string, length int, err error) {
	var read []byte
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return string(read), i + 1, nil
		case text[i] != '\\':
			read = append(read, text[i])
		case i+2 < len(text) && isHex(text[i+1:i+3]):
			pair, _ := hex.DecodeString(text[i+1 : i+3]) // it is one
			read = append(read, pair...)
			i += 2
		case i+1 < len(text):
			i++
			read = append(read, text[i])
		}
	}
	return "", 0, errors.New("a quoted value does not end")
}

func isHex(pair string) bool {
	_, err := hex.DecodeString(pair)
	return err == nil
}

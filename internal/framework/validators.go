// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
)

// maxNameLength bounds names of people and groups, in characters. Directories allow 64 in a common name and 256 in a
// display name; longer ones are pasted text.
const maxNameLength = 1024

// stringCheck is a validator made of a description and a function that returns what is wrong, or "".
type stringCheck struct {
	description string
	problem     func(value string) string
	// secret reports whether a value may hold a secret; nil = no value does. A problem with such a value is reported at
	// the block, not at the attribute, because Terraform shows the lines of the configuration that a path leads to.
	secret func(value string) bool
}

func (c stringCheck) Description(context.Context) string         { return c.description }
func (c stringCheck) MarkdownDescription(context.Context) string { return c.description }

func (c stringCheck) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueString()
	problem := c.problem(value)
	if problem == "" {
		return
	}
	place := req.Path
	if c.secret != nil && c.secret(value) {
		place = place.ParentPath()
	}
	resp.Diagnostics.AddAttributeError(place, "Invalid Value of "+attributeName(req.Path.String()), problem)
}

func always(string) bool { return true }

// holdsKey reports whether a private key was written in place of a certificate.
func holdsKey(value string) bool { return strings.Contains(value, "PRIVATE KEY") }

// MayHoldSecret reports whether an address, or one of several, may hold a password or token: before the host, after it,
// or because the address does not parse.
func MayHoldSecret(addresses string) bool {
	if strings.ContainsAny(addresses, "@?#") {
		return true
	}
	for address := range strings.SplitSeq(addresses, ",") {
		if address = strings.TrimSpace(address); address != "" && setting.Shown(address) == "" {
			return true
		}
	}
	return false
}

// attributeName is an attribute's path without what a reader cannot have written: the value of a set's element.
func attributeName(path string) string {
	name, _, _ := strings.Cut(path, "[Value(")
	return name
}

// NotBlank refuses text that is empty or nothing but white space.
func NotBlank() validator.String {
	return stringCheck{description: "must not be blank", problem: func(value string) string {
		if strings.TrimSpace(value) == "" {
			return "The value must not be empty or blank. Leave the attribute out if it is not needed."
		}
		return ""
	}}
}

// Secret accepts text without white space and invisible characters around it. Its message holds nothing of the text.
func Secret() validator.String {
	return stringCheck{
		description: "must not be blank and must have no white space around it",
		secret:      always,
		problem: func(value string) string {
			return asSentence(SecretProblem(value))
		},
	}
}

// SecretProblem says what is wrong with a password or token, in the rest of a sentence, or "". Servers refuse a secret
// that has a line break at its end by mistake, and then lock the account. The same goes for a byte order mark (U+FEFF),
// which some editors write at the beginning of a file, and for invisible characters that were copied from a web page.
func SecretProblem(value string) string {
	visible := strings.TrimFunc(value, isInvisible)
	switch {
	case visible == "":
		return "must not be empty or blank. Leave it out if it is not needed"
	case strings.TrimSpace(value) != value:
		return "begins or ends with white space. The usual cause is the line break at the end of a file: write " +
			"trimspace(file(\"…\")) or chomp(file(\"…\")) in the configuration, or VARIABLE=\"$(cat file)\" in a shell"
	case visible != value:
		return "begins or ends with an invisible character. The usual cause is a file that an editor saved as \"UTF-8 with " +
			"BOM\": save it as UTF-8 without BOM"
	default:
		return ""
	}
}

// isInvisible reports whether a character is white space, a control character, or one that only formats text.
func isInvisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// Name accepts what can be the name of a person or group: not blank, no space at either end, no control characters, at
// most 1,024 characters.
func Name() validator.String {
	return stringCheck{
		description: "must be a name: not blank, without control characters or surrounding space",
		problem:     NameProblem,
	}
}

// NameProblem says what is wrong with the name of a person or group, in a sentence; "" when nothing is.
func NameProblem(value string) string {
	switch {
	case strings.TrimSpace(value) == "":
		return "A name must not be empty or blank."
	case !utf8.ValidString(value):
		return "The name is not valid UTF-8."
	case strings.TrimSpace(value) != value:
		return fmt.Sprintf("The name %q begins or ends with a space. Use trimspace(…) if it comes from elsewhere.", value)
	case strings.ContainsFunc(value, unicode.IsControl):
		return fmt.Sprintf("The name %q holds control characters, such as a tab or a line break.", value)
	case utf8.RuneCountInString(value) > maxNameLength:
		return fmt.Sprintf(
			"The name is %d characters long; at most %d are allowed.",
			utf8.RuneCountInString(value),
			maxNameLength,
		)
	default:
		return ""
	}
}

// PositiveDuration accepts a duration above zero, such as 30s or 2m.
func PositiveDuration() validator.String {
	return stringCheck{
		description: "must be a duration above zero, such as 30s or 2m",
		problem: func(value string) string {
			_, err := ParseDuration(value)
			if err != nil {
				return err.Error()
			}
			return ""
		},
	}
}

// ParseDuration reads a duration above zero; its error is a sentence for people.
func ParseDuration(value string) (time.Duration, error) {
	duration, err := time.ParseDuration(value)
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration: write a number with a unit, such as 30s, 2m or 1h30m", value)
	}
	if duration <= 0 {
		return 0, fmt.Errorf("the duration must be above zero, got %s", value)
	}
	return duration, nil
}

// URL accepts an absolute address with one of the schemes and a host; several, separated by commas, where allowed.
func URL(several bool, schemes ...string) validator.String {
	return stringCheck{
		description: "must be an address that starts with " + strings.Join(schemes, ":// or ") + "://",
		secret:      MayHoldSecret,
		problem: func(value string) string {
			if strings.Contains(value, "@") { // looked for before anything is cut: a password may hold any character
				return "The address holds a user name or password. Use the attributes meant for them instead."
			}
			addresses := []string{value}
			if several {
				addresses = strings.Split(value, ",")
			}
			for _, address := range addresses {
				address = strings.TrimSpace(address)
				if several && strings.ContainsFunc(address, unicode.IsSpace) {
					return "The value has white space in it. Separate several addresses by commas."
				}
				if problem := urlProblem(address, schemes); problem != "" {
					return problem
				}
			}
			return ""
		},
	}
}

func urlProblem(address string, schemes []string) string {
	parsed, err := url.Parse(address)
	if err != nil || !slices.Contains(schemes, parsed.Scheme) || parsed.Hostname() == "" ||
		strings.ContainsAny(parsed.Host, ", ") {
		subject := "The value"
		if shown := setting.Shown(address); shown != "" {
			subject = strconv.Quote(shown)
		}
		return fmt.Sprintf(
			"%s is not a complete address. It must start with %s:// and name a host, as in %s://server.example.com.",
			subject,
			strings.Join(schemes, ":// or "),
			schemes[len(schemes)-1],
		)
	}
	return ""
}

// PEMCertificates accepts PEM text with at least one certificate, all of them readable.
func PEMCertificates() validator.String {
	return stringCheck{
		description: "must be PEM text with one or more certificates",
		secret:      holdsKey,
		problem: func(value string) string {
			return asSentence(setting.CertificateProblem(value))
		},
	}
}

// PEMPrivateKey accepts PEM text with a private key that is not encrypted. Its message holds nothing of the key.
func PEMPrivateKey() validator.String {
	return stringCheck{
		description: "must be PEM text with a private key",
		secret:      always,
		problem: func(value string) string {
			return asSentence(setting.KeyProblem(value))
		},
	}
}

// asSentence makes a sentence of what a client says about a value.
func asSentence(problem string) string {
	switch {
	case problem == "":
		return ""
	case strings.HasPrefix(problem, "a "):
		return Sentence(problem)
	default:
		return Sentence("the value " + problem)
	}
}

var apiVersion = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,3}){1,2}(-[0-9A-Za-z.]+)?$`)

// APIVersion accepts a Cloud Director API version, such as 37.2, and those of VCF Automation: 41.0.0-alpha, 9.1.0.
func APIVersion() validator.String {
	return stringCheck{description: "must be an API version such as 37.2", problem: func(value string) string {
		if !apiVersion.MatchString(value) {
			return fmt.Sprintf("%q is not an API version. Write it as the server does, such as 37.2 or 9.1.0.", value)
		}
		return ""
	}}
}

// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/setting"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

// providerModel is the provider's configuration as written.
type providerModel struct {
	CloudShell            types.Object `tfsdk:"cloudshell"`
	VCD                   types.Object `tfsdk:"vcd"`
	LDAP                  types.Object `tfsdk:"ldap"`
	CheckNames            types.String `tfsdk:"check_names"`
	RequestTimeout        types.String `tfsdk:"request_timeout"`
	MaxRetries            types.Int64  `tfsdk:"max_retries"`
	MaxConcurrentRequests types.Int64  `tfsdk:"max_concurrent_requests"`
}

// settings reads one platform's block, or the settings outside of any block, from the configuration and, where that is
// silent, from the environment. It remembers the first attribute whose value is not known yet: such a value is no
// reason to look into the environment, which may hold another.
type settings struct {
	root       path.Path // of the block
	attributes map[string]attr.Value
	variables  map[string]string // attribute name -> environment variable, of what was asked for
	secrets    map[string]bool   // attribute name -> whether its value holds, or may hold, a secret
	unknown    string            // the first attribute that is unknown, such as "cloudshell.password"
	diags      *diag.Diagnostics
}

// platformSettings returns the settings of a platform and whether it is configured at all: by its block or by its URL
// in the environment.
func platformSettings(platform clients.Platform, block types.Object, diags *diag.Diagnostics) (*settings, bool) {
	s := &settings{
		root: path.Root(string(platform)), attributes: block.Attributes(),
		variables: map[string]string{}, secrets: map[string]bool{}, diags: diags,
	}
	if block.IsUnknown() {
		s.unknown = string(platform)
		return s, true
	}
	return s, !block.IsNull() || os.Getenv(platform.URLVariable()) != ""
}

// at is the path of an attribute, for its name in messages. The name may lead into a block: kerberos.realm.
func (s *settings) at(name string) path.Path {
	at := s.root
	for step := range strings.SplitSeq(name, ".") {
		at = at.AtName(step)
	}
	return at
}

// block returns the settings of a block inside this one, or nil if it is not there. What is unknown in it is unknown
// here.
func (s *settings) block(name string) *settings {
	object, isBlock := s.attributes[name].(types.Object)
	if !isBlock || object.IsNull() {
		return nil
	}
	if object.IsUnknown() { // a dynamic block
		s.noteUnknown(name)
	}
	inner := &settings{
		root: s.at(name), attributes: object.Attributes(),
		variables: map[string]string{}, secrets: map[string]bool{}, diags: s.diags,
	}
	s.secrets[name+".password"] = true
	for attribute, value := range inner.attributes {
		if value.IsUnknown() {
			s.noteUnknown(name + "." + attribute)
		}
	}
	return inner
}

// dropUnwritten clears a value that comes from the environment.
func (s *settings) dropUnwritten(name string, value *string) {
	if !s.written(name) {
		*value = ""
	}
}

// dropOtherAccount clears a user name of the environment that belongs to a password there, if the configuration gives a
// token instead: it may name another account than the token's.
func (s *settings) dropOtherAccount(username *string, password string, tokens ...string) {
	if password != "" && !s.written("password") && slices.ContainsFunc(tokens, s.written) {
		s.dropUnwritten("username", username)
	}
}

// place is where a diagnostic about an attribute belongs: the attribute, but the block where the value holds a secret,
// since Terraform shows the lines of the configuration that a path leads to.
func (s *settings) place(name string) path.Path {
	if s.secrets[name] {
		return s.root
	}
	return s.at(name)
}

// address is text that is shown in messages only as far as it can hold no secret.
func (s *settings) address(name, variable string) string {
	value := s.text(name, variable)
	s.secrets[name] = framework.MayHoldSecret(value)
	return value
}

// text returns an attribute's value, else the environment variable's, else "".
func (s *settings) text(name, variable string) string {
	s.variables[name] = variable
	value, known := s.attributes[name].(types.String)
	switch {
	case known && value.IsUnknown():
		s.noteUnknown(name)
		return ""
	case known && !value.IsNull():
		return value.ValueString()
	default:
		return strings.TrimSpace(os.Getenv(variable))
	}
}

// secret is text that is refused, and never shown, if it has white space around it.
func (s *settings) secret(name, variable string) string {
	value := os.Getenv(variable)
	if s.written(name) {
		value = s.text(name, variable)
	}
	s.variables[name] = variable
	s.secrets[name] = true
	if problem := framework.SecretProblem(value); problem != "" && value != "" {
		s.refuse(name, problem)
		return ""
	}
	return value
}

// written reports whether the configuration, and not the environment, gives the attribute's value.
func (s *settings) written(name string) bool {
	value, known := s.attributes[name]
	return known && !value.IsNull()
}

// credential is one way to log in, of which only one can be chosen.
type credential struct {
	name, variable string
	value          *string
}

// chooseOne clears all credentials but the one to use: the one that is written in the configuration, where that is one.
// Several in the same place contradict each other. One that is unknown may turn out to be null, so it contradicts none.
func (s *settings) chooseOne(credentials ...credential) {
	var written, given []credential
	isUnknown := false
	for _, c := range credentials {
		switch {
		case !s.written(c.name):
		case s.attributes[c.name].IsUnknown():
			isUnknown = true
		default:
			written = append(written, c)
		}
		if *c.value != "" {
			given = append(given, c)
		}
	}
	switch {
	case len(written) > 1:
		s.diags.AddAttributeError(s.place(written[1].name), "Conflicting Credentials",
			fmt.Sprintf("%s and %s exclude each other: set one of them.", s.at(written[0].name), s.at(written[1].name)))
	case isUnknown: // no client is made yet
	case len(written) == 1:
		for _, c := range credentials {
			if c.name != written[0].name {
				*c.value = "" // the environment's
			}
		}
	case len(given) > 1:
		s.diags.AddAttributeError(
			s.place(given[1].name),
			"Conflicting Credentials",
			fmt.Sprintf(
				"The environment variables %s and %s exclude each other: unset one of them, or write the one to use into the "+
					"configuration.",
				given[0].variable,
				given[1].variable,
			),
		)
	}
}

// refuse reports what is wrong with an attribute, or with the block when name is "". A problem that is the rest of a
// sentence gets the attribute's name in front.
func (s *settings) refuse(name, problem string) {
	if name == "" {
		s.diags.AddAttributeError(s.root, "Invalid Configuration of "+s.root.String(), framework.Sentence(problem))
		return
	}
	at := s.at(name)
	if !strings.HasPrefix(problem, "the ") && !strings.HasPrefix(problem, "a ") {
		problem = at.String() + " " + problem
	}
	if variable := s.variables[name]; variable != "" && !s.written(name) {
		problem = framework.Sentence(problem) + " It can be given here or by the environment variable " + variable + "."
	}
	s.diags.AddAttributeError(s.place(name), "Invalid Value of "+at.String(), framework.Sentence(problem))
}

// refuseError reports what a client does not accept of its configuration, if anything.
func (s *settings) refuseError(err error) {
	if wrong, ok := errors.AsType[*setting.Error](err); ok {
		s.refuse(wrong.Attribute, wrong.Problem)
	} else if err != nil {
		s.refuse("", err.Error())
	}
}

// tls reads the attributes about TLS, which have the same names in all blocks.
func (s *settings) tls(prefix string) setting.TLS {
	s.secrets["client_key"] = true
	return setting.TLS{
		CACertificate:     s.text("ca_certificate", prefix+"_CA_CERTIFICATE"),
		ClientCertificate: s.text("client_certificate", prefix+"_CLIENT_CERTIFICATE"),
		ClientKey:         s.text("client_key", prefix+"_CLIENT_KEY"),
		Insecure:          s.boolean("insecure", prefix+"_INSECURE"),
	}
}

// choice is text, where the environment's value must be one of the choices as well. The first choice is the default.
func (s *settings) choice(name, variable string, choices ...string) string {
	value := s.text(name, variable)
	if value == "" {
		return choices[0]
	}
	for _, choice := range choices {
		if strings.EqualFold(value, choice) {
			return choice
		}
	}
	s.diags.AddAttributeError(s.at(name), "Invalid Value of Environment Variable "+variable,
		fmt.Sprintf("%s is %q. It must be one of: %s.", variable, value, strings.Join(choices, ", ")))
	return choices[0]
}

func (s *settings) boolean(name, variable string) bool {
	value, known := s.attributes[name].(types.Bool)
	switch {
	case known && value.IsUnknown():
		s.noteUnknown(name)
		return false
	case known && !value.IsNull():
		return value.ValueBool()
	}
	text := strings.TrimSpace(os.Getenv(variable))
	if text == "" {
		return false
	}
	parsed, err := strconv.ParseBool(text)
	if err != nil {
		s.diags.AddAttributeError(s.at(name), "Invalid Value of Environment Variable "+variable,
			fmt.Sprintf("%s is %q. It must be true or false.", variable, text))
	}
	return parsed
}

func (s *settings) noteUnknown(name string) {
	if s.unknown == "" {
		s.unknown = s.at(name).String()
	}
}

// readModel reads the configuration; the environment is not looked at yet.
func readModel(ctx context.Context, get func(context.Context, any) diag.Diagnostics) (providerModel, diag.Diagnostics) {
	var model providerModel
	diags := get(ctx, &model)
	return model, diags
}

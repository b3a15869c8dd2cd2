// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/external-directory/terraform-provider-directory/internal/clients/directory"
)

// sidFunction is sid_to_string.
type sidFunction struct{}

var _ function.Function = sidFunction{}

// NewSIDToStringFunction makes provider::directory::sid_to_string.
func NewSIDToStringFunction() function.Function { return sidFunction{} }

func (sidFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "sid_to_string"
}

func (sidFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Converts a binary security identifier to text",
		MarkdownDescription: "Converts a security identifier (SID) of Active Directory from the bytes of `objectSid` to " +
			"text, such as `S-1-5-21-…-1105`. The bytes can be in base64 (as in LDIF files), in hexadecimal (`0105…`), or " +
			"escaped as in an LDAP filter (`\\01\\05…`).",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "sid", MarkdownDescription: "The bytes of the identifier, in base64 or hexadecimal."},
		},
		Return: function.StringReturn{},
	}
}

func (sidFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var encoded string
	if resp.Error = req.Arguments.Get(ctx, &encoded); resp.Error != nil {
		return
	}
	text, err := sidToString(encoded)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("%q cannot be read: %v.", encoded, err))
		return
	}
	resp.Error = resp.Result.Set(ctx, text)
}

// sidToString tells the encodings apart by what comes out: a SID starts with the byte 1, so "01…" is hexadecimal and
// "AQ…" base64.
func sidToString(encoded string) (string, error) {
	compact := strings.Join(strings.Fields(encoded), "")
	if raw, err := hex.DecodeString(strings.ReplaceAll(compact, `\`, "")); err == nil {
		return directory.SIDToString(raw)
	}
	raw, err := base64.StdEncoding.DecodeString(compact)
	if err != nil {
		return "", fmt.Errorf("%w: it is neither base64 nor hexadecimal", directory.ErrBadSID)
	}
	return directory.SIDToString(raw)
}

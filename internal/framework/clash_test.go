// SPDX-License-Identifier: MPL-2.0

package framework_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/external-directory/terraform-provider-directory/internal/claims"
	"github.com/external-directory/terraform-provider-directory/internal/clients"
	"github.com/external-directory/terraform-provider-directory/internal/clients/transport"
	"github.com/external-directory/terraform-provider-directory/internal/framework"
)

func TestClashOfTwoResources(t *testing.T) {
	t.Parallel()
	const keeps, takes, releases, harms = claims.Keeps, claims.Takes, claims.Releases, claims.Harms
	for _, c := range []struct {
		mine, theirs claims.Intent
		unasked      bool // theirs
		want         framework.Clash
	}{
		{harms, keeps, false, framework.Harmed}, {takes, harms, false, framework.Harmed},
		{harms, takes, true, framework.Harmed}, {harms, harms, false, framework.NoClash},
		{keeps, takes, true, framework.TakenUnasked}, {releases, takes, true, framework.TakenUnasked},
		{releases, takes, false, framework.HandedOver}, {takes, releases, false, framework.HandedOver},
		{keeps, takes, false, framework.Shared}, {takes, takes, false, framework.Shared},
		{keeps, keeps, false, framework.Shared}, {releases, keeps, false, framework.NoClash},
		{harms, releases, false, framework.NoClash},
	} {
		overlap := claims.Overlap{Mine: claims.Intention{Intent: c.mine}, Label: `imported user "two"`,
			Theirs: claims.Intention{Intent: c.theirs, Unasked: c.unasked}}
		if got := framework.ClashOf(overlap); got != c.want {
			t.Errorf("%v and %v (unasked %t): %v, want %v", c.mine, c.theirs, c.unasked, got, c.want)
		}
		for _, platform := range []clients.Platform{clients.CloudShell, clients.VCD} {
			checkClash(t, platform, overlap, c.want)
		}
	}
}

// checkClash checks what a clash is told as: an error with the person in its summary, or a warning with a constant one.
func checkClash(t *testing.T, platform clients.Platform, overlap claims.Overlap, clash framework.Clash) {
	t.Helper()
	var diags diag.Diagnostics
	what := framework.Claimed{
		Subject:  framework.Subject{Platform: platform, Kind: "User", Name: "jporter"},
		Resource: "directory_x_imported_user", ImportID: `a"b`, Harm: "delete or disable",
	}
	framework.AddClash(&diags, what, overlap)
	if clash == framework.NoClash {
		if len(diags) > 0 {
			t.Errorf("no clash: %v", diags)
		}
		return
	}
	if len(diags) != 1 || diags.HasError() != clash.Fails() {
		t.Fatalf("clash %v: %v", clash, diags)
	}
	summary := framework.SummaryShared
	if clash.Fails() {
		summary = framework.IsHeldElsewhere(what.Subject)
	}
	if diags[0].Summary() != summary {
		t.Errorf("clash %v: summary %q, want %q", clash, diags[0].Summary(), summary)
	}
	for _, part := range []string{
		`imported user "two"`, "from = directory_x_imported_user.OLD", `id = "a\"b"`, "untaint", "destroy = false",
	} {
		if !strings.Contains(diags[0].Detail(), part) {
			t.Errorf("clash %v: %q is not in %s", clash, part, diags[0].Detail())
		}
	}
}

func TestWhatPassesByItself(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want bool
	}{
		{transport.ErrUnreachable, true}, {transport.ErrTimeout, true}, {context.DeadlineExceeded, true},
		{fmt.Errorf("x: %w", &transport.Error{Status: 503}), true}, {&transport.Error{Status: 429}, true},
		{&transport.Error{Status: 403}, false}, {&transport.Error{Status: 404}, false},
		{errors.Join(transport.ErrNoTLS, transport.ErrUnreachable), false}, {transport.ErrUntrustedCertificate, false},
		{errors.New("other"), false}, {context.Canceled, false},
	} {
		if got := framework.IsPassing(c.err); got != c.want {
			t.Errorf("%v passes: %t", c.err, got)
		}
	}
}

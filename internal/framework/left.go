// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// WarnLeftInPlace says that what a resource stands for stays on the platform when the resource is destroyed, and why.
func WarnLeftInPlace(diags *diag.Diagnostics, subject Subject, reason string) {
	diags.AddWarning(SummaryLeftInPlace, fmt.Sprintf("The %s stays. %s", subject.inSentence(), reason))
}

// AdoptedStays is the reason where deletion_policy = "auto" leaves in place what the resource did not create. Say so
// when Terraform plans: it shows the warnings of the plan and those of the apply. The policies are those with another
// outcome.
func AdoptedStays(subject Subject, policies ...string) string {
	quoted := make([]string, len(policies))
	for i, policy := range policies {
		quoted[i] = fmt.Sprintf("%q", policy)
	}
	noun := strings.ToLower(subject.Kind)
	return fmt.Sprintf("This resource adopted the %s, or got the %s by terraform import, and deletion_policy is "+
		"\"auto\". Set deletion_policy to %s for another outcome, or to \"abandon\" to silence this warning, and apply "+
		"before you remove the resource.", noun, noun, strings.Join(quoted, " or "))
}

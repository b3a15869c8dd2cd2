// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"

	"github.com/external-directory/terraform-provider-directory/internal/names"
)

// Warning is a message for people, in Terraform's two parts.
type Warning struct{ Summary, Detail string }

type rename struct{ old, renamed string }

// People counts people: "1 person", "5 people".
func People(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// Members counts members: "1 member", "5 members".
func Members(n int) string {
	if n == 1 {
		return "1 member"
	}
	return fmt.Sprintf("%d members", n)
}

func emptyGroup(leavers []string) Warning {
	return Warning{"Directory Group Is Empty", fmt.Sprintf("The directory says that the group has no people, so %s "+
		"would leave: %s. "+
		"That is more often a mistake than intended, so all of them stay. Set allow_empty = true if the group is meant to "+
		"be empty.",
		Members(len(leavers)), names.List(leavers))}
}

func tooManyLeavers(leavers []string, most int64) Warning {
	return Warning{"More Departures Than max_departures Allows", fmt.Sprintf("The directory group has lost %s: %s. "+
		"With max_departures = %d all of them stay members, and nothing is done to them. Raise max_departures if they "+
		"really left.",
		Members(len(leavers)), names.List(leavers), most)}
}

func retainersNotRead(leavers, groups []string) Warning {
	return Warning{"Departures Wait for the Next Plan", fmt.Sprintf("%s left the directory group: %s. The configuration "+
		"has new groups in retain_members_of, %s, and the provider has not read their people yet. The next plan, after "+
		"this apply, decides which of the leavers stay.", Members(len(leavers)), names.List(leavers), names.List(groups))}
}

func ownAccountLeaves(own []string) Warning {
	return Warning{"Provider's Own Account Is Left Alone", fmt.Sprintf("The provider logs in, or may log in, as %s, and "+
		"the directory group no longer lists that account. It is no longer a member. Apart from that nothing happens to "+
		"it: it is not deactivated, not deleted and not removed from CloudShell groups.", names.List(own))}
}

func renamed(renames []rename) Warning {
	texts := make([]string, 0, len(renames))
	for _, r := range renames {
		texts = append(texts, fmt.Sprintf("%q is now %q", r.old, r.renamed))
	}
	return Warning{"Members Renamed in the Directory", fmt.Sprintf("The directory has a new user name for %s: %s. The "+
		"plan shows these people as leaving and joining, but departed_members does not apply to them. CloudShell either "+
		"gives their account the new name or creates a second account, and the apply says so. In the second case, the "+
		"account with the former name stays active, and is removed from the CloudShell groups that are listed in groups. "+
		"If this resource created it, departed_members applies to it when the person leaves, and deletion_policy at a "+
		"destroy. Otherwise delete or deactivate it in "+
		"CloudShell.",
		People(len(renames)), names.Join(texts))}
}

func localUsers(local []string) Warning {
	return Warning{"Local CloudShell Users Are Left Alone", fmt.Sprintf("The directory group has %s whose user name "+
		"belongs to a local user of CloudShell: %s. A local user is never a member and never changed. To import the person "+
		"of the directory, rename or delete the local user.", People(len(local)), names.List(local))}
}

func namesTaken(taken []string) Warning {
	return Warning{"User Names Still Belong to Others in CloudShell", fmt.Sprintf("The directory group has %s whose "+
		"user name belongs to another person of the directory in CloudShell: %s. They can join when CloudShell knows the "+
		"other person's new name. With allow_update = true, an import updates that name.",
		People(len(taken)), names.List(taken))}
}

// CannotLogIn warns of members who are inactive in CloudShell and stay so.
func CannotLogIn(inactive []string) Warning {
	return Warning{"Account That Cannot Log In", fmt.Sprintf("%s inactive in CloudShell and will stay so: %s. An earlier "+
		"destroy or departure, or another "+
		"administrator, deactivated them. Set allow_update = true to make them active again, or activate them in CloudShell.",
		membersAre(len(inactive)), names.List(inactive))}
}

func membersAre(n int) string {
	if n == 1 {
		return "1 member is"
	}
	return fmt.Sprintf("%d members are", n)
}

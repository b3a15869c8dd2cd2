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
	return Warning{"Departures Wait for the Next Plan", fmt.Sprintf("%s left the directory group: %s. "+
		"retain_members_of names %s since this "+
		"plan, and the people of those groups were not read yet. So the next plan, after this apply, decides which of the "+
		"leavers are left "+
		"alone.", Members(len(leavers)), names.List(leavers), names.List(groups))}
}

func ownAccountLeaves(own []string) Warning {
	return Warning{"Provider's Own Account Is Left Alone", fmt.Sprintf("The provider logs in, or may log in, as %s, "+
		"and the directory group "+
		"does not list them any more. They leave members, and nothing is done to the account: it is neither deactivated "+
		"nor deleted nor removed "+
		"from CloudShell groups.", names.List(own))}
}

func renamed(renames []rename) Warning {
	texts := make([]string, 0, len(renames))
	for _, r := range renames {
		texts = append(texts, fmt.Sprintf("%q is now %q", r.old, r.renamed))
	}
	return Warning{"Members Renamed in the Directory", fmt.Sprintf("The plan shows %s as leaving and joining who only "+
		"have another user name now "+
		"(the directory's identifier is the same): %s. departed_members does not apply to them. CloudShell either gives their "+
		"account the new name or makes a second account, and the apply tells of a second one: the account of the former name "+
		"then stays active, and is removed from the CloudShell groups that are listed in groups. If this resource created "+
		"it, a destroy deals with it as deletion_policy says; else delete or deactivate it in CloudShell.",
		People(len(renames)), names.Join(texts))}
}

func localUsers(local []string) Warning {
	return Warning{"Local CloudShell Users Are Left Alone", fmt.Sprintf("The directory group has %s whose user name "+
		"belongs to a local user of "+
		"CloudShell: %s. A local user is never a member and never changed. Rename or delete the local user if the person "+
		"of the directory "+
		"is to be imported.", People(len(local)), names.List(local))}
}

func namesTaken(taken []string) Warning {
	return Warning{"User Names Still Belong to Others in CloudShell", fmt.Sprintf("The directory group has %s whose "+
		"user name belongs, in CloudShell, "+
		"to another person of the directory: %s. They join once CloudShell has the other's new name. With allow_update = "+
		"true an import updates it.",
		People(len(taken)), names.List(taken))}
}

// CannotLogIn warns of members who are inactive in CloudShell and stay so.
func CannotLogIn(inactive []string) Warning {
	return Warning{"Members Cannot Log In", fmt.Sprintf("%s inactive in CloudShell and will stay so: %s. An earlier "+
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

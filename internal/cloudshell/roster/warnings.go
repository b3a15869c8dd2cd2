package roster

import (
	"fmt"
	"strings"
)

// listed is how many people a message names; it counts the rest.
const listed = 20

// Warning is a message for people, in Terraform's two parts.
type Warning struct{ Summary, Detail string }

type rename struct{ old, renamed string }

// List names up to 20 people and counts the rest: "anna", "bert" and 4980 more.
func List(names []string) string {
	quoted := make([]string, 0, min(len(names), listed))
	for _, name := range names[:min(len(names), listed)] {
		quoted = append(quoted, fmt.Sprintf("%q", name))
	}
	return join(quoted, len(names))
}

func join(texts []string, total int) string {
	switch rest := total - len(texts); {
	case rest > 0:
		return fmt.Sprintf("%s and %d more", strings.Join(texts, ", "), rest)
	case len(texts) < 2:
		return strings.Join(texts, "")
	default:
		last := len(texts) - 1
		return strings.Join(texts[:last], ", ") + " and " + texts[last]
	}
}

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

// Enumerate joins texts as List does, and counts those beyond the twentieth.
func Enumerate(texts []string) string { return join(texts[:min(len(texts), listed)], len(texts)) }

func emptyGroup(leavers []string) Warning {
	return Warning{"Directory Group Is Empty", fmt.Sprintf("The directory says that the group has nobody in it, which would take out %s: %s. "+
		"Since that is more often a mistake than a wish, all of them stay. Set allow_empty = true if the group is meant to be empty.",
		Members(len(leavers)), List(leavers))}
}

func tooManyLeavers(leavers []string, most int64) Warning {
	return Warning{"More Departures Than max_departures Allows", fmt.Sprintf("The directory group has lost %s: %s. "+
		"With max_departures = %d all of them stay members, and nothing is done to them. Raise max_departures if they really left.",
		Members(len(leavers)), List(leavers), most)}
}

func retainersNotRead(leavers, groups []string) Warning {
	return Warning{"Departures Wait for the Next Plan", fmt.Sprintf("%s left the directory group: %s. The people of %s, which retain_members_of "+
		"names since this plan, were not read yet, so who of them is to be left alone is decided by the next plan, after this apply.",
		Members(len(leavers)), List(leavers), List(groups))}
}

func ownAccountLeaves(names []string) Warning {
	return Warning{"Provider's Own Account Is Left Alone", fmt.Sprintf("The provider logs in as %s, who is not in the directory group any more. "+
		"The account leaves members; it is neither deactivated nor deleted nor taken out of CloudShell groups.", List(names))}
}

func renamed(renames []rename) Warning {
	texts := make([]string, 0, min(len(renames), listed))
	for _, r := range renames[:min(len(renames), listed)] {
		texts = append(texts, fmt.Sprintf("%q is now %q", r.old, r.renamed))
	}
	return Warning{"Members Renamed in the Directory", fmt.Sprintf("The plan shows %s as leaving and joining who only got another user name "+
		"(the directory's identifier is the same): %s. departed_members does not apply to them.", People(len(renames)), join(texts, len(renames)))}
}

func localUsers(names []string) Warning {
	return Warning{"Local CloudShell Users Are Left Alone", fmt.Sprintf("The directory group has %s whose user name belongs to a local user of "+
		"CloudShell: %s. A local user is never a member and never changed. Rename or delete the local user if the person of the directory "+
		"is to be imported.", People(len(names)), List(names))}
}

func namesTaken(names []string) Warning {
	return Warning{"User Names Still Belong to Others in CloudShell", fmt.Sprintf("The directory group has %s whose user name belongs, in CloudShell, "+
		"to another person of the directory: %s. They join once CloudShell has the other's new name; allow_update = true lets an import bring it.",
		People(len(names)), List(names))}
}

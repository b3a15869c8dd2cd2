package cloudshell_test

import (
	"testing"

	"github.com/external-directory/terraform-provider-directory/internal/mock/cloudshell"
)

func TestImportedGroupFollowsTheDirectory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, cloudshell.Options{})
	w.existing("cleo")
	g := w.group(object{"groups": []any{"Engineers"}, "departed_members": "deactivate"})

	_, warned := g.plan()
	contains(t, warned, "Import Will Bring People Into CloudShell", `2 people whom CloudShell does not know: "anna" and "bert"`, "already: 1 person")
	g.apply()
	w.wantNames(g.State, map[string]string{
		"directory_members": "anna bert cleo", "members": "anna bert cleo", "created_members": "anna bert", "outdated_members": "",
	})
	w.wantIn(w.engineers, "anna bert cleo")
	g.settled()

	w.directory.AddMember(labGroup, "dora")
	w.directory.RemoveMember(labGroup, "bert", "cleo")
	planned, _ := g.plan()
	w.wantNames(planned, map[string]string{
		"directory_members": "anna dora", "members": "anna dora", "created_members": "anna bert dora", "outdated_members": "",
	})
	g.apply()
	w.wantImported("(bert) (cleo) anna dora")
	w.wantIn(w.engineers, "anna dora")
	g.settled()

	w.directory.AddMember(labGroup, "bert", "cleo")
	g.apply()
	w.wantImported("anna bert cleo dora")
	w.wantIn(w.engineers, "anna bert cleo dora")
	g.settled()

	g.destroy()
	w.wantImported("(anna) (bert) (dora) cleo")
}
